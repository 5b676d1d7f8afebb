// Package generics shares memory in generic functions and types.
package generics

import (
	"sync"
	"sync/atomic"
)

type box[T any] struct {
	mu sync.Mutex
	v  T
}

func (b *box[T]) set(v T) { b.v = v } // want "`b.v` is written here by every goroutine started at generics.go:19; nothing orders them"

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
	each(vs, func(v int) { n += v }) // want "`n` is written here by every goroutine started at generics.go:26; nothing orders them"
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

// A lazy looks before it locks: by an atomic, which is right.
type lazy[T any] struct {
	mu   sync.Mutex
	done atomic.Bool
	v    T
	make func() T
}

func (l *lazy[T]) get() T {
	if !l.done.Load() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.done.Load() {
			l.v = l.make()
			l.done.Store(true)
		}
	}
	return l.v
}

func twice() {
	l := &lazy[int]{make: func() int { return 7 }}
	go l.get()
	l.get()
}

// A hasty one looks at a plain flag.
type hasty[T any] struct {
	mu   sync.Mutex
	done bool
	v    T
	make func() T
}

func (l *hasty[T]) get() T {
	if !l.done {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.done {
			l.v = l.make() // want "`l.v` is written here and read by the goroutine started at generics.go:\\d+; nothing orders the two"
			l.done = true  // want "`l.done` is written here and read by the goroutine started at generics.go:\\d+; nothing orders the two"
		}
	}
	return l.v
}

func hastyTwice() {
	l := &hasty[string]{make: func() string { return "x" }}
	go l.get()
	l.get()
}
