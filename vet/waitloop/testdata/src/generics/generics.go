// Package generics waits in generic code.
package generics

import "sync"

type queue[T any] struct {
	mu       sync.Mutex
	nonEmpty *sync.Cond
	items    []T
}

func (q *queue[T]) take() T {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.nonEmpty.Wait() // want `Cond.Wait is not in a loop`
	}
	return q.items[0]
}

func first[T any](q *queue[T]) T {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.nonEmpty.Wait()
	}
	return q.items[0]
}
