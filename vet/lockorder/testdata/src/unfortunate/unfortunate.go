// Package unfortunate has a deadlock that the rule does not see.
package unfortunate

import "sync"

type fork struct{ mu sync.Mutex }

// All forks have one class, so that the order in which two are taken cannot
// be stated.
func dine(forks []*fork, i int) {
	left, right := forks[i], forks[(i+1)%len(forks)]
	left.mu.Lock()
	defer left.mu.Unlock()
	right.mu.Lock()
	defer right.mu.Unlock()
}
