// Package generics holds locks of generic types.
package generics

import "sync"

type mailbox[T any] struct {
	mu sync.Mutex
	in chan T
}

func (m *mailbox[T]) send(v T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.in <- v // want `m.mu is locked since generics.go:12 and still held during a send on m.in`
}

func forward[T any](from, to *mailbox[T]) {
	from.mu.Lock()
	v := <-from.in // want `from.mu is locked since generics.go:18 and still held during a receive from from.in`
	from.mu.Unlock()
	to.send(v)
}
