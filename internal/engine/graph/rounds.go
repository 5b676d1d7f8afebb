package graph

// rounds.go is what the rounds of a loop look like among the events of a thread.

// Harmless reports whether the operation that ends before place end of a thread
// changes nothing, and where it begins: it is a load, a fence, or an update that
// did not take effect or wrote what it read. That a compare-exchange fails for
// no reason is a choice, and a choice is a change.
func (g *Graph) Harmless(log []int32, end int32) (start int32, ok bool) {
	if end == 0 {
		return 0, false
	}
	switch e := &g.Ev[log[end-1]]; e.Kind {
	case Read:
		return end - 1, !e.Has(Await|Done) && e.Choice == 0
	case Fence:
		return end - 1, true
	case Write:
		if !e.Has(Update) {
			return 0, false
		}
		r := &g.Ev[log[end-2]]
		return end - 2, !r.Has(Await) && r.Val == e.Val && r.Choice == 0
	}
	return 0, false
}

// How a cycle is looked for near the end of a thread of a long execution: its longest
// length, in events, and how often it has to have come.
const (
	longestCycle = 32
	cycleTimes   = 8
)

// CycleIn is where in the events of a thread, near their end, the same n events begin
// for the last time of several in a row; n is 0 if there are none.
func (g *Graph) CycleIn(log []int32) (from, n int) {
	for end := len(log); end > 0 && end > len(log)-2*longestCycle; end-- {
		for n := 1; n <= longestCycle && n*cycleTimes <= end; n++ {
			if g.repeats(log[end-n*cycleTimes:end], n) {
				return end - n, n
			}
		}
	}
	return 0, 0
}

// repeats reports whether the events are the same n over and over.
func (g *Graph) repeats(log []int32, n int) bool {
	for i := n; i < len(log); i++ {
		a, b := &g.Ev[log[i]], &g.Ev[log[i-n]]
		if a.Kind != b.Kind || a.Op != b.Op || a.Loc != b.Loc || a.Val != b.Val || a.Arg != b.Arg || a.Flags != b.Flags {
			return false
		}
	}
	return true
}
