package engine

import "github.com/fearless-go/fearless/internal/engine/source"

// unrolls counts the operation that the thread is about to do, for Options.Unroll:
// how often the thread has come to this place, by the same calls. Where that is too
// often the thread is cut: it goes on no more, as behind an assumption that does not
// hold, and the exploration says so (Seen.Cuts). All that others do is still explored.
// A place is counted, and not a loop, for the engine sees operations only: the rounds
// of a loop inside another one add up.
func (t *Thread) unrolls() {
	at := t.placeOf()
	if t.rounds == nil {
		t.rounds = make(map[uint64]int)
	}
	if t.rounds[at]++; t.rounds[at] <= t.e.opts.Unroll {
		return
	}
	t.e.seen.addCut(source.Short(source.CallSite()))
	t.state = discarded
	t.block()
}
