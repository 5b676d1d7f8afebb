// Package unfortunate has mistakes that the rule does not see and code it
// reports without need.
package unfortunate

import "sync"

type queue struct {
	mu    sync.Mutex
	items []int
}

// Some function unlocks the field for others, so that every function may
// return locked. The caller that then forgets to unlock is not reported.
func (q *queue) lockIfAny() {
	q.mu.Lock()
	if len(q.items) == 0 {
		q.mu.Unlock()
	}
}

func (q *queue) unlock() { q.mu.Unlock() }

func (q *queue) first() int {
	q.lockIfAny()
	return q.items[0]
}

// The lengths of two slices that are always alike are not known to be.
func both(a, b []int, mu *sync.Mutex) {
	if len(a) > 0 {
		mu.Lock()
	}
	if len(b) > 0 {
		mu.Unlock()
	}
} // want `mu is still locked when the function returns here`
