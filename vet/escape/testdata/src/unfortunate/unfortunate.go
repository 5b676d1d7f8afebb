// Package unfortunate lets out what a lent pointer leads to, which the rule
// does not follow through a copy of the struct that holds it.
package unfortunate

import "github.com/fearless-go/fearless/lock"

type basket struct{ items []int }

func items(m *lock.Mutex[basket]) []int {
	g := m.Lock()
	defer g.Unlock()
	b := *g.Ptr()
	return b.items
}
