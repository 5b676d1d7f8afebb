package explore

import "github.com/fearless-go/fearless/internal/engine/graph"

// wait.go is what decides whether a thread that waits, or goes round, could go on.

// LatestSatisfies reports whether an await would be satisfied by the last
// value of loc in coherence order.
func (x *Explorer) LatestSatisfies(loc int32, cond graph.Op, expected uint64) bool {
	if cond == graph.OpNone {
		return !x.LatestWaits(loc, expected)
	}
	l := &x.G.Loc[loc]
	e := graph.Event{Op: cond, Exp: expected}
	return e.Holds(x.G.ValueAt(l, int32(len(l.CO))-1))
}

// SomeSatisfies reports whether any value that thread t may still read would.
func (x *Explorer) SomeSatisfies(t, loc int32, cond graph.Op, expected uint64) bool {
	if cond == graph.OpNone {
		return true // a busy loop may end by itself
	}
	l := &x.G.Loc[loc]
	e := graph.Event{Op: cond, Exp: expected}
	for p := x.lower(loc, t); int(p) < len(l.CO); p++ {
		if e.Holds(x.G.ValueAt(l, p)) {
			return true
		}
	}
	return false
}

// ReadsStale reports whether one of the last operations of thread t, so many,
// would find another value now.
func (x *Explorer) ReadsStale(t, ops int32) bool {
	log := x.G.Thr[t].Ev
	end := int32(len(log))
	for ; ops > 0; ops-- {
		start, ok := x.G.Harmless(log, end)
		if !ok {
			return false
		}
		if e := &x.G.Ev[log[start]]; e.Kind == graph.Read {
			l := &x.G.Loc[e.Loc]
			if x.G.ValueAt(l, int32(len(l.CO))-1) != e.Val {
				return true
			}
		}
		end = start
	}
	return false
}

// Ran reports whether event w has been executed in this run. Reading before
// that could meet memory that the writer has yet to prepare.
func (x *Explorer) Ran(w int32) bool {
	e := &x.G.Ev[w]
	return x.G.Thr[e.Thr].Cur > e.Idx
}

// allRan makes t wait until every write to loc has been executed in this run:
// a comparison of pointers needs those of this run.
func (x *Explorer) allRan(t, loc int32) bool {
	for _, w := range x.G.Loc[loc].CO[1:] {
		if !x.Ran(w) {
			x.WaitFor(t, w)
			return false
		}
	}
	return true
}
