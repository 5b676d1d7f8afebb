// Package generics has locks in generic types and functions.
package generics

import "sync"

type box[T any] struct {
	mu sync.Mutex
	v  T
	ok bool
}

func (b *box[T]) get() (T, bool) {
	b.mu.Lock()
	if !b.ok {
		var zero T
		return zero, false // want `b.mu is still locked when the function returns here`
	}
	v := b.v
	b.mu.Unlock()
	return v, true
}

func swap[T any](b *box[T], v T) T {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mu.Lock() // want `b.mu is locked here while this goroutine holds it`
	v, b.v = b.v, v
	b.mu.Unlock()
	return v
}

func with[T any, L sync.Locker](l L, f func() T) T {
	l.Lock()
	defer l.Unlock()
	return f()
}
