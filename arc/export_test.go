package arc

import "github.com/fearless-go/fearless/atomic"

// SetCounts overwrites the counts, which nobody can reach by cloning.
func SetCounts[T any](a Arc[T], strong, weak int) {
	s := a.h.Use(&arcs, "SetCounts")
	s.strong.n.Store(strong, atomic.Relaxed)
	s.weak.n.Store(weak, atomic.Relaxed)
}
