// Package generics uses what has been used up, in generic code.
package generics

import (
	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/lock"
)

func take[T any](m *lock.Mutex[T]) T {
	g := m.Lock()
	g.Unlock()
	return *g.Ptr() // want `the guard is used by Ptr here after it was unlocked at generics.go:11`
}

func get[T any](a arc.Arc[T]) T {
	defer a.Drop()
	return a.Get()
}
