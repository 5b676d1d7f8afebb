// Package silent checks again, in ways that look different.
package silent

import (
	"sync"

	"github.com/fearless-go/fearless/thread"
)

type queue struct {
	mu       sync.Mutex
	nonEmpty *sync.Cond
	items    []int
	closed   bool
}

func (q *queue) take() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if q.closed {
			return 0, false
		}
		if len(q.items) > 0 {
			item := q.items[0]
			q.items = q.items[1:]
			return item, true
		}
		q.nonEmpty.Wait()
	}
}

func (q *queue) takeAll(n int) {
	for range n {
		q.mu.Lock()
		for len(q.items) == 0 {
			q.nonEmpty.Wait()
		}
		q.items = q.items[1:]
		q.mu.Unlock()
	}
}

func (q *queue) wait() { q.nonEmpty.Wait() }

func (q *queue) last() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.wait()
	}
	return q.items[len(q.items)-1]
}

func (q *queue) again() {
	q.mu.Lock()
	defer q.mu.Unlock()
check:
	if len(q.items) == 0 {
		q.nonEmpty.Wait()
		goto check
	}
}

func pause(ready func() bool) {
	for !ready() {
		thread.Park()
	}
}

func consume(q *queue, use func(int)) {
	for {
		q.mu.Lock()
		n := len(q.items)
		q.mu.Unlock()
		if n == 0 {
			thread.Park()
			continue
		}
		use(n)
	}
}

func collect(groups []*sync.WaitGroup) {
	for _, g := range groups {
		g.Wait()
	}
}
