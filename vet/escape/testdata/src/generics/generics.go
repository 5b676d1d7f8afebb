// Package generics lets lent pointers out of generic types.
package generics

import "github.com/fearless-go/fearless/lock"

type box[T any] struct{ m *lock.RWLock[T] }

func (b box[T]) ref() *T {
	r := b.m.Read()
	defer r.Unlock()
	return r.Ptr() // want `the pointer that ReadGuard.Ptr lent at generics.go:11 is returned here`
}

func (b box[T]) get() T {
	r := b.m.Read()
	defer r.Unlock()
	return *r.Ptr()
}

func update[T any](m *lock.Mutex[T], f func(*T)) {
	g := m.Lock()
	defer g.Unlock()
	f(g.Ptr())
}
