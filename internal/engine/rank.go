package engine

import (
	"cmp"
	"slices"
)

// A rank is the place of a run in the walk of a single engine: on the way there
// from the first run, how many alternatives each run had found before the one
// that leads on. The last one found is the first one taken.
//
// An engine keeps only that of the run under way: the walk is depth first, so
// the run that found an alternative that still waits is on the way to it.
type rank []int32

// goTo goes on to the alternative it of a run on the way.
func (x *explorer) goTo(it item) { x.here = append(x.here[:it.up], it.n) }

// rankOf is the rank that the alternative it of a run on the way will have.
func (x *explorer) rankOf(it item) rank { return append(slices.Clone(x.here[:it.up]), it.n) }

// compare is negative if a comes before b.
func (a rank) compare(b rank) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(b[i], a[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}
