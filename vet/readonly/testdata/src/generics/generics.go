// Package generics writes to what is shared, in generic code.
package generics

import (
	"sync"

	"github.com/fearless-go/fearless/arc"
)

func set[T any](a arc.Arc[T], v T) {
	*a.Ptr() = v // want `what Arc.Ptr lent at generics.go:11 is written here`
}

type table[K comparable, V any] struct {
	mu sync.RWMutex
	m  map[K]V
}

func (t *table[K, V]) put(k K, v V) {
	t.mu.RLock()
	t.m[k] = v // want `t.m is written here while t.mu is only read-locked`
	t.mu.RUnlock()
}

func get[T any](a arc.Arc[T]) T { return *a.Ptr() }
