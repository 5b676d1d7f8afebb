// Package generics has locks in generic types.
package generics

import "sync"

type index[K comparable, V any] struct {
	mu    sync.Mutex
	store *store[K, V]
}

type store[K comparable, V any] struct {
	mu    sync.Mutex
	index *index[K, V]
	m     map[K]V
}

func (i *index[K, V]) put(k K, v V) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.store.put(k, v)
}

func (s *store[K, V]) put(k K, v V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k] = v
}

func (s *store[K, V]) reindex() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index.mu.Lock() // want `index.mu is taken here while store.mu is held`
	defer s.index.mu.Unlock()
}

func both(s *store[string, int]) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put("a", 1) // want `s.mu is locked by put \(at generics.go:24\), which is called here`
	return s.m["a"]
}
