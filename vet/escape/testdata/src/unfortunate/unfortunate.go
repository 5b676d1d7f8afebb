// Package unfortunate lets out what a lent pointer leads to, which the rule
// does not follow: the elements of a slice are not part of what is locked, but
// are protected by nothing else.
package unfortunate

import "github.com/fearless-go/fearless/lock"

func items(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	return *g.Ptr()
}
