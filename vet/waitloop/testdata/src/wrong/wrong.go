// Package wrong waits without checking what it waited for.
package wrong

import (
	"sync"

	"github.com/fearless-go/fearless/lock"
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
		q.nonEmpty.Wait() // want `Cond.Wait is not in a loop that checks its condition again: it may return before the condition holds; make the if at wrong.go:20 a for`
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
			q.nonEmpty.Wait() // want `Cond.Wait is not in a loop that checks its condition again: .* make the if at wrong.go:32 a for`
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

// All waits for one Condvar must be with one mutex.
type channel struct {
	in, out lock.Mutex[[]int]
	changed lock.Condvar
}

func (c *channel) waitIn() {
	g := c.in.Lock()
	defer g.Unlock()
	for len(g.Get()) == 0 {
		c.changed.Wait(g)
	}
}

func (c *channel) waitOut() {
	g := c.out.Lock()
	defer g.Unlock()
	for len(g.Get()) > 0 {
		c.changed.Wait(g) // want `c.changed is waited for with c.out here, but with c.in at wrong.go:67: all waits for a Condvar must be with the same mutex`
	}
}

func late(m *lock.Mutex[bool], c *lock.Condvar) {
	g := m.Lock()
	defer g.Unlock()
	if !g.Get() {
		c.Wait(g) // want `Condvar.Wait is not in a loop`
	}
}
