package engine

import (
	"cmp"
	"slices"
)

// A rank is the place of an alternative in the walk of a single engine: the
// run in which it was found and how many it found before. The last one found
// is the first one taken.
type rank struct {
	parent *rank
	n      int32
}

func (r *rank) path() []int32 {
	var p []int32
	for ; r != nil; r = r.parent {
		p = append(p, r.n)
	}
	slices.Reverse(p)
	return p
}

func (r *rank) compare(o *rank) int {
	a, b := r.path(), o.path()
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(b[i], a[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}
