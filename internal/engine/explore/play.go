package explore

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// play.go is how a program's threads meet the graph. Each operation is either
// one that the graph has already, and is played again, or the next one of its
// thread, and is added. The result ok is false when the thread cannot go on
// now: another must run first, or its await is not satisfied.

// Begin starts a run of the program over the current graph.
func (x *Explorer) Begin() {
	for _, log := range x.G.Thr {
		log.Cur = 0
	}
	x.Dead, x.played, x.Full = false, false, false
	x.G.ListFree()
}

// Replayed is the event of the graph that is thread t's next, or nil when the
// next is a new one.
func (x *Explorer) Replayed(t int32) *graph.Event {
	log := x.G.Thr[t]
	if i := int(log.Cur); i < len(log.Ev) {
		return &x.G.Ev[log.Ev[i]]
	}
	return nil
}

// Ordering is the ordering that o is under the memory model.
func (x *Explorer) Ordering(o graph.Order) graph.Order {
	if x.Check.Memory == graph.SC && o != graph.NonAtomic {
		return graph.SeqCst
	}
	return o
}

// Load reads loc. key is what waitsOn knows the read by, or 0.
func (x *Explorer) Load(t, loc int32, o graph.Order, pointer bool, key uint64) (uint64, bool) {
	e := x.Replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		n := graph.Event{Kind: graph.Read, Thr: t, Loc: loc, Order: x.Ordering(o), Key: key}
		if pointer {
			n.Flags |= graph.Pointer
		}
		id := x.addRead(n)
		e = &x.G.Ev[id]
		if e.RF >= 0 && !x.Ran(e.RF) {
			x.WaitFor(t, e.RF)
			return 0, false
		}
		x.G.Thr[t].Cur++
		return e.Val, true
	}
	if e.Kind != graph.Read || e.Loc != loc || e.Op != graph.OpNone {
		x.Diverged(t, e, fmt.Sprintf("a load of %s", x.G.Name(loc)))
		return 0, false
	}
	if e.RF >= 0 && !x.Ran(e.RF) {
		x.WaitFor(t, e.RF)
		return 0, false
	}
	if e.Has(graph.Pointer) {
		x.refresh(e)
	}
	x.G.Thr[t].Cur++
	return e.Val, true
}

// refresh gives a pointer read the value that it has in this run.
func (x *Explorer) refresh(e *graph.Event) {
	if e.RF >= 0 {
		e.Val = x.G.Ev[e.RF].Val
	} else if e.RF == graph.Initial {
		e.Val = x.G.Loc[e.Loc].Init
	}
}

// Store writes v to loc.
func (x *Explorer) Store(t, loc int32, v uint64, o graph.Order, pointer bool) bool {
	e := x.Replayed(t)
	if e == nil {
		if !x.room() {
			return false
		}
		n := graph.Event{Kind: graph.Write, Thr: t, Loc: loc, Val: v, Order: x.Ordering(o)}
		if pointer {
			n.Flags |= graph.Pointer
		}
		x.addWrite(n)
		x.G.Thr[t].Cur++
		return true
	}
	if e.Kind != graph.Write || e.Loc != loc || e.Has(graph.Update) || e.Val != v && !pointer {
		x.Diverged(t, e, fmt.Sprintf("a store of %d to %s", int64(v), x.G.Name(loc)))
		return false
	}
	e.Val = v
	x.G.Thr[t].Cur++
	return true
}

// Failing is the order of an update that does not take effect.
func (x *Explorer) Failing(u *Update) graph.Order {
	return x.Ordering(max(u.Fail, graph.Relaxed))
}

// Update performs u on loc and returns the value read and whether it took
// effect. key is what waitsOn knows its read part by, or 0.
func (x *Explorer) Update(t, loc int32, u *Update, key uint64) (old uint64, done, ok bool) {
	e := x.Replayed(t)
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
			Succ: x.Ordering(u.Order), Fail: x.Failing(u), Width: u.Width, Signed: u.Signed,
		}
		if u.Weak {
			n.Flags |= graph.Weak
		}
		if u.Pointer {
			n.Flags |= graph.Pointer
		}
		id := x.addRead(n)
		if x.G.Ev[id].Has(graph.Done) && !x.addUpdate(t) {
			x.Dead = true
			return 0, false, false
		}
		e = &x.G.Ev[id]
	} else if e.Kind != graph.Read || e.Loc != loc || e.Op != u.Op || !u.Pointer && (e.Arg != u.Arg || e.Exp != u.Expected) {
		x.Diverged(t, e, fmt.Sprintf("an update of %s", x.G.Name(loc)))
		return 0, false, false
	}
	if e.RF >= 0 && !x.Ran(e.RF) {
		x.WaitFor(t, e.RF)
		return 0, false, false
	}
	if u.Pointer && !fresh {
		x.refresh(e)
		e.Arg, e.Exp = u.Arg, u.Expected
	}
	old, done = e.Val, e.Has(graph.Done)
	x.G.Thr[t].Cur++
	if done {
		if u.Pointer {
			x.G.Ev[x.G.Thr[t].Ev[x.G.Thr[t].Cur]].Val = e.Apply(old)
		}
		x.G.Thr[t].Cur++
	}
	return old, done, true
}

// FailedSpuriously reports whether thread t's last compare-exchange on loc did
// so. A loop around it would otherwise fail for ever; a second failure in a row
// shows nothing that the first does not.
func (x *Explorer) FailedSpuriously(t, loc int32) bool {
	log := x.G.Thr[t].Ev
	for i := x.G.Thr[t].Cur - 1; i >= 0; i-- {
		if e := &x.G.Ev[log[i]]; e.Loc == loc && e.Kind == graph.Read && e.Op == graph.OpCAS {
			return e.Choice != 0
		}
	}
	return false
}

// Await reads loc until cond (OpUntil, OpUnless, OpUntilGE) of expected holds.
// With swap it then writes arg in the same step.
func (x *Explorer) Await(t, loc int32, cond graph.Op, expected uint64, swap bool, arg uint64, o graph.Order) (uint64, bool) {
	e := x.Replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		n := graph.Event{
			Kind: graph.Read, Thr: t, Loc: loc, Op: cond, Exp: expected, Arg: arg, Flags: graph.Await,
			Order: x.Ordering(o), Succ: x.Ordering(o), Fail: x.Ordering(graph.Relaxed),
		}
		if swap {
			n.Flags |= graph.Update
		} else {
			n.Fail = n.Order
		}
		id := x.addRead(n)
		if x.G.Ev[id].Has(graph.Done) && !x.addUpdate(t) {
			x.Dead = true
			return 0, false
		}
		e = &x.G.Ev[id]
	} else if e.Kind != graph.Read || e.Loc != loc || e.Op != cond || e.Exp != expected {
		x.Diverged(t, e, fmt.Sprintf("an await on %s", x.G.Name(loc)))
		return 0, false
	}
	if e.RF >= 0 && !x.Ran(e.RF) {
		x.WaitFor(t, e.RF)
		return 0, false
	}
	if e.Waits() {
		return 0, false
	}
	v := e.Val
	x.G.Thr[t].Cur++
	if e.Has(graph.Done) {
		x.G.Thr[t].Cur++
	}
	return v, true
}

// Fence adds a fence.
func (x *Explorer) Fence(t int32, o graph.Order) bool {
	e := x.Replayed(t)
	if e == nil {
		if !x.room() {
			return false
		}
		// Nothing follows it, so no psc edge leaves it: it cannot close a cycle.
		x.G.Add(graph.Event{Kind: graph.Fence, Thr: t, Loc: -1, Order: x.Ordering(o)})
	} else if e.Kind != graph.Fence {
		x.Diverged(t, e, "a fence")
		return false
	}
	x.G.Thr[t].Cur++
	return true
}

// Choose picks one of n alternatives.
func (x *Explorer) Choose(t int32, n int) (int, bool) {
	e := x.Replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		stamp := int32(len(x.G.Ev))
		for k := n - 1; k > 0; k-- {
			x.push(item{kind: altChoice, stamp: stamp, at: int32(k), variant: 1})
		}
		id := x.G.Add(graph.Event{Kind: graph.Choice, Thr: t, Loc: -1, Aux: int32(n)})
		e = &x.G.Ev[id]
		switch {
		case x.Steer != nil:
			e.Val = uint64(x.Steer(n))
		case x.Random != nil:
			e.Val = uint64(x.Random.IntN(n))
		}
	} else if e.Kind != graph.Choice || e.Aux != int32(n) {
		x.Diverged(t, e, fmt.Sprintf("a choice of %d", n))
		return 0, false
	}
	x.G.Thr[t].Cur++
	return int(e.Val), true
}

// Spawn adds the start of a thread, which has that place in its group.
func (x *Explorer) Spawn(t int32, place uint64) (*graph.Event, bool) {
	e := x.Replayed(t)
	if e == nil {
		if !x.room() {
			return nil, false
		}
		child := int32(x.G.FreeThread())
		x.G.Grow(int(child))
		id := x.G.Add(graph.Event{Kind: graph.Spawn, Thr: t, Loc: -1, Aux: child, Pos: x.G.AddLocation(), Arg: place})
		x.G.AddThread(int(child), id)
		x.G.Thr[t].Cur++
		return &x.G.Ev[id], true
	}
	if e.Kind != graph.Spawn {
		x.Diverged(t, e, "the start of a thread")
		return nil, false
	}
	x.G.Thr[t].Cur++
	return e, true
}

// room reports whether the graph may have one more event.
func (x *Explorer) room() bool {
	if x.Dead || x.Failure != nil {
		return false
	}
	if x.MaxEvents > 0 && len(x.G.Ev) >= x.MaxEvents {
		x.limit()
		return false
	}
	return true
}

// CaughtUp reports whether every event of the graph has been executed in this run.
func (x *Explorer) CaughtUp() bool {
	if x.played {
		return true
	}
	for t := range x.G.Thr {
		log := x.G.Thr[t].Ev
		if i := int(x.G.Thr[t].Cur); i < len(log) && !x.G.Ev[log[i]].Waits() {
			return false
		}
	}
	x.played = true
	return true
}
