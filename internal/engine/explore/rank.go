package explore

import (
	"cmp"
	"slices"
)

// A Rank is the place of a run in the walk of a single engine: on the way there
// from the first run, how many alternatives each run had found before the one
// that leads on. The last one found is the first one taken.
//
// An engine keeps only that of the run under way: the walk is depth first, so
// the run that found an alternative that still waits is on the way to it.
type Rank []int32

// goTo goes on to the alternative it of a run on the way.
func (x *Explorer) goTo(it item) { x.Here = append(x.Here[:it.up], it.n) }

// rankOf is the rank that the alternative it of a run on the way will have.
func (x *Explorer) rankOf(it item) Rank { return append(slices.Clone(x.Here[:it.up]), it.n) }

// Compare is negative if a comes before b.
func (a Rank) Compare(b Rank) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(b[i], a[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}
