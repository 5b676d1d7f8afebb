package engine

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// play.go is how a program's threads meet the graph. Each operation is either
// one that the graph has already, and is played again, or the next one of its
// thread, and is added. The result ok is false when the thread cannot go on
// now: another must run first, or its await is not satisfied.

// begin starts a run of the program over the current graph.
func (x *explorer) begin() {
	for _, log := range x.g.Thr {
		log.Cur = 0
	}
	x.dead, x.played, x.full = false, false, false
	x.g.ListFree()
}

// replayed is the event of the graph that is thread t's next, or nil when the
// next is a new one.
func (x *explorer) replayed(t int32) *graph.Event {
	log := x.g.Thr[t]
	if i := int(log.Cur); i < len(log.Ev) {
		return &x.g.Ev[log.Ev[i]]
	}
	return nil
}

// ran reports whether event w has been executed in this run. Reading before
// that could meet memory that the writer has yet to prepare.
func (x *explorer) ran(w int32) bool {
	e := &x.g.Ev[w]
	return x.g.Thr[e.Thr].Cur > e.Idx
}

// allRan makes t wait until every write to loc has been executed in this run:
// a comparison of pointers needs those of this run.
func (x *explorer) allRan(t, loc int32) bool {
	for _, w := range x.g.Loc[loc].CO[1:] {
		if !x.ran(w) {
			x.waitFor(t, w)
			return false
		}
	}
	return true
}

func (x *explorer) ordering(o Order) Order {
	if x.check.Memory == SC && o != NonAtomic {
		return SeqCst
	}
	return o
}

// load reads loc. key is what waitsOn knows the read by, or 0.
func (x *explorer) load(t, loc int32, o Order, pointer bool, key uint64) (uint64, bool) {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		n := graph.Event{Kind: graph.Read, Thr: t, Loc: loc, Order: x.ordering(o), Key: key}
		if pointer {
			n.Flags |= graph.Pointer
		}
		id := x.addRead(n)
		e = &x.g.Ev[id]
		if e.RF >= 0 && !x.ran(e.RF) {
			x.waitFor(t, e.RF)
			return 0, false
		}
		x.g.Thr[t].Cur++
		return e.Val, true
	}
	if e.Kind != graph.Read || e.Loc != loc || e.Op != OpNone {
		x.diverged(t, e, fmt.Sprintf("a load of %s", x.g.Name(loc)))
		return 0, false
	}
	if e.RF >= 0 && !x.ran(e.RF) {
		x.waitFor(t, e.RF)
		return 0, false
	}
	if e.Has(graph.Pointer) {
		x.refresh(e)
	}
	x.g.Thr[t].Cur++
	return e.Val, true
}

// refresh gives a pointer read the value that it has in this run.
func (x *explorer) refresh(e *graph.Event) {
	if e.RF >= 0 {
		e.Val = x.g.Ev[e.RF].Val
	} else if e.RF == graph.Initial {
		e.Val = x.g.Loc[e.Loc].Init
	}
}

// store writes v to loc.
func (x *explorer) store(t, loc int32, v uint64, o Order, pointer bool) bool {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return false
		}
		n := graph.Event{Kind: graph.Write, Thr: t, Loc: loc, Val: v, Order: x.ordering(o)}
		if pointer {
			n.Flags |= graph.Pointer
		}
		x.addWrite(n)
		x.g.Thr[t].Cur++
		return true
	}
	if e.Kind != graph.Write || e.Loc != loc || e.Has(graph.Update) || e.Val != v && !pointer {
		x.diverged(t, e, fmt.Sprintf("a store of %d to %s", int64(v), x.g.Name(loc)))
		return false
	}
	e.Val = v
	x.g.Thr[t].Cur++
	return true
}

// failing is the order of an update that does not take effect.
func (x *explorer) failing(u *Update) Order {
	return x.ordering(max(u.Fail, Relaxed))
}

// update performs u on loc and returns the value read and whether it took
// effect. key is what waitsOn knows its read part by, or 0.
func (x *explorer) update(t, loc int32, u *Update, key uint64) (old uint64, done, ok bool) {
	e := x.replayed(t)
	fresh := e == nil
	if fresh {
		if !x.room() {
			return 0, false, false
		}
		if u.Pointer && !x.allRan(t, loc) {
			return 0, false, false
		}
		n := graph.Event{
			Kind: graph.Read, Thr: t, Loc: loc, Op: u.Op, Arg: u.Arg, Exp: u.Expected, Flags: graph.Update, Key: key,
			Succ: x.ordering(u.Order), Fail: x.failing(u), Width: u.Width, Signed: u.Signed,
		}
		if u.Weak {
			n.Flags |= graph.Weak
		}
		if u.Pointer {
			n.Flags |= graph.Pointer
		}
		id := x.addRead(n)
		if x.g.Ev[id].Has(graph.Done) && !x.addUpdate(t) {
			x.dead = true
			return 0, false, false
		}
		e = &x.g.Ev[id]
	} else if e.Kind != graph.Read || e.Loc != loc || e.Op != u.Op || !u.Pointer && (e.Arg != u.Arg || e.Exp != u.Expected) {
		x.diverged(t, e, fmt.Sprintf("an update of %s", x.g.Name(loc)))
		return 0, false, false
	}
	if e.RF >= 0 && !x.ran(e.RF) {
		x.waitFor(t, e.RF)
		return 0, false, false
	}
	if u.Pointer && !fresh {
		x.refresh(e)
		e.Arg, e.Exp = u.Arg, u.Expected
	}
	old, done = e.Val, e.Has(graph.Done)
	x.g.Thr[t].Cur++
	if done {
		if u.Pointer {
			x.g.Ev[x.g.Thr[t].Ev[x.g.Thr[t].Cur]].Val = e.Apply(old)
		}
		x.g.Thr[t].Cur++
	}
	return old, done, true
}

// failedSpuriously reports whether thread t's last compare-exchange on loc did
// so. A loop around it would otherwise fail for ever; a second failure in a row
// shows nothing that the first does not.
func (x *explorer) failedSpuriously(t, loc int32) bool {
	log := x.g.Thr[t].Ev
	for i := x.g.Thr[t].Cur - 1; i >= 0; i-- {
		if e := &x.g.Ev[log[i]]; e.Loc == loc && e.Kind == graph.Read && e.Op == OpCAS {
			return e.Choice != 0
		}
	}
	return false
}

// await reads loc until cond (OpUntil, OpUnless, OpUntilGE) of expected holds.
// With swap it then writes arg in the same step.
func (x *explorer) await(t, loc int32, cond Op, expected uint64, swap bool, arg uint64, o Order) (uint64, bool) {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		n := graph.Event{
			Kind: graph.Read, Thr: t, Loc: loc, Op: cond, Exp: expected, Arg: arg, Flags: graph.Await,
			Order: x.ordering(o), Succ: x.ordering(o), Fail: x.ordering(Relaxed),
		}
		if swap {
			n.Flags |= graph.Update
		} else {
			n.Fail = n.Order
		}
		id := x.addRead(n)
		if x.g.Ev[id].Has(graph.Done) && !x.addUpdate(t) {
			x.dead = true
			return 0, false
		}
		e = &x.g.Ev[id]
	} else if e.Kind != graph.Read || e.Loc != loc || e.Op != cond || e.Exp != expected {
		x.diverged(t, e, fmt.Sprintf("an await on %s", x.g.Name(loc)))
		return 0, false
	}
	if e.RF >= 0 && !x.ran(e.RF) {
		x.waitFor(t, e.RF)
		return 0, false
	}
	if e.Waits() {
		return 0, false
	}
	v := e.Val
	x.g.Thr[t].Cur++
	if e.Has(graph.Done) {
		x.g.Thr[t].Cur++
	}
	return v, true
}

// fenceOp adds a fence.
func (x *explorer) fenceOp(t int32, o Order) bool {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return false
		}
		// Nothing follows it, so no psc edge leaves it: it cannot close a cycle.
		x.g.Add(graph.Event{Kind: graph.Fence, Thr: t, Loc: -1, Order: x.ordering(o)})
	} else if e.Kind != graph.Fence {
		x.diverged(t, e, "a fence")
		return false
	}
	x.g.Thr[t].Cur++
	return true
}

// choose picks one of n alternatives.
func (x *explorer) choose(t int32, n int) (int, bool) {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		stamp := int32(len(x.g.Ev))
		for k := n - 1; k > 0; k-- {
			x.push(item{kind: altChoice, stamp: stamp, at: int32(k), variant: 1})
		}
		id := x.g.Add(graph.Event{Kind: graph.Choice, Thr: t, Loc: -1, Aux: int32(n)})
		e = &x.g.Ev[id]
		switch {
		case x.steered != nil:
			e.Val = uint64(x.steered.choose(n))
		case x.random != nil:
			e.Val = uint64(x.random.IntN(n))
		}
	} else if e.Kind != graph.Choice || e.Aux != int32(n) {
		x.diverged(t, e, fmt.Sprintf("a choice of %d", n))
		return 0, false
	}
	x.g.Thr[t].Cur++
	return int(e.Val), true
}

// spawnThread adds the start of a thread.
func (x *explorer) spawnThread(by *Thread) (*graph.Event, bool) {
	t := by.id
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return nil, false
		}
		child := int32(x.g.FreeThread())
		x.g.Grow(int(child))
		id := x.g.Add(graph.Event{Kind: graph.Spawn, Thr: t, Loc: -1, Aux: child, Pos: x.g.AddLocation(), Arg: by.placeInGroup()})
		x.g.AddThread(int(child), id)
		x.g.Thr[t].Cur++
		return &x.g.Ev[id], true
	}
	if e.Kind != graph.Spawn {
		x.diverged(t, e, "the start of a thread")
		return nil, false
	}
	x.g.Thr[t].Cur++
	return e, true
}

// latestSatisfies reports whether an await would be satisfied by the last
// value of loc in coherence order.
func (x *explorer) latestSatisfies(loc int32, cond Op, expected uint64) bool {
	if cond == OpNone {
		return !x.latestWaits(loc, expected)
	}
	l := &x.g.Loc[loc]
	e := graph.Event{Op: cond, Exp: expected}
	return e.Holds(x.g.ValueAt(l, int32(len(l.CO))-1))
}

// someSatisfies reports whether any value that thread t may still read would.
func (x *explorer) someSatisfies(t, loc int32, cond Op, expected uint64) bool {
	if cond == OpNone {
		return true // a busy loop may end by itself
	}
	l := &x.g.Loc[loc]
	e := graph.Event{Op: cond, Exp: expected}
	for p := x.lower(loc, t); int(p) < len(l.CO); p++ {
		if e.Holds(x.g.ValueAt(l, p)) {
			return true
		}
	}
	return false
}

// room reports whether the graph may have one more event.
func (x *explorer) room() bool {
	if x.dead || x.failure != nil {
		return false
	}
	if x.maxEvents > 0 && len(x.g.Ev) >= x.maxEvents {
		x.limit()
		return false
	}
	return true
}
