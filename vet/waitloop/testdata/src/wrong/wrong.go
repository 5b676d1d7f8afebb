// Package wrong waits without checking what it waited for.
package wrong

import (
	"sync"

	"github.com/fearless-go/fearless/thread"
)

type queue struct {
	mu       sync.Mutex
	nonEmpty *sync.Cond
	items    []int
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.nonEmpty.Wait() // want `Cond.Wait is not in a loop that checks its condition again: it may return before the condition holds; make the if at wrong.go:19 a for`
	}
	item := q.items[0]
	q.items = q.items[1:]
	return item
}

// The loop around it is about something else: the lock is released in between.
func (q *queue) takeAll(n int) {
	for range n {
		q.mu.Lock()
		if len(q.items) == 0 {
			q.nonEmpty.Wait() // want `Cond.Wait is not in a loop that checks its condition again: .* make the if at wrong.go:31 a for`
		}
		q.items = q.items[1:]
		q.mu.Unlock()
	}
}

func (q *queue) wait() { q.nonEmpty.Wait() }

func (q *queue) last() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.wait() // want `wait \(which only calls Cond.Wait\) is not in a loop`
	}
	return q.items[len(q.items)-1]
}

func pause(ready func() bool) {
	if !ready() {
		thread.Park() // want `thread.Park is not in a loop that checks its condition again`
	}
}
