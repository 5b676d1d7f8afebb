// Package generics shares memory in generic functions and types.
package generics

import "sync"

type box[T any] struct {
	mu sync.Mutex
	v  T
}

func (b *box[T]) set(v T) { b.v = v } // want "`b.v` is written here by every goroutine started at generics.go:16; nothing orders them"

func run[T any](vs []T) {
	b := &box[T]{}
	for _, v := range vs {
		go b.set(v)
	}
}

func each[T any](vs []T, f func(T)) {
	var wg sync.WaitGroup
	for _, v := range vs {
		wg.Go(func() { f(v) })
	}
	wg.Wait()
}

func sum(vs []int) int {
	n := 0
	each(vs, func(v int) { n += v }) // want "`n` is written here by every goroutine started at generics.go:23; nothing orders them"
	return n
}

func locked[T any](vs []T) {
	b := &box[T]{}
	for _, v := range vs {
		go func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.v = v
		}()
	}
}
