package explore

import "github.com/fearless-go/fearless/internal/engine/graph"

// ends.go is the end of a thread, which is a store to an object of its own, that a join awaits.

// What the object of a thread's end holds.
const (
	Running uint64 = iota
	Ended
)

// StoreEnd stores that thread t is over. Nothing else writes there, so if
// nobody has looked it has one place, and no read to revisit.
func (x *Explorer) StoreEnd(t, loc int32) bool {
	if x.Replayed(t) != nil || len(x.G.Loc[loc].Acc) > 0 || !x.room() {
		return x.Store(t, loc, Ended, graph.Release, false)
	}
	x.G.Add(graph.Event{Kind: graph.Write, Thr: t, Loc: loc, Val: Ended, Order: x.Ordering(graph.Release), Pos: 1})
	x.G.Thr[t].Cur++
	return true
}

// Join adds the read of a join, if it is new and the end is in the graph.
func (x *Explorer) Join(t, loc int32) {
	co := x.G.Loc[loc].CO
	if x.Replayed(t) != nil || len(co) != 2 || x.Random != nil || !x.room() {
		return
	}
	o := x.Ordering(graph.Acquire)
	x.G.Add(graph.Event{Kind: graph.Read, Thr: t, Loc: loc, Op: graph.OpUntil, Exp: Ended, Val: Ended, RF: co[1], Flags: graph.Await, Order: o, Succ: o, Fail: o})
}
