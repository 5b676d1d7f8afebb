package engine

import "fmt"

// play.go is how a program's threads meet the graph. Each operation is either
// one that the graph has already, and is played again, or the next one of its
// thread, and is added. The result ok is false when the thread cannot go on
// now: another must run first, or its await is not satisfied.

// begin starts a run of the program over the current graph.
func (x *explorer) begin() {
	for _, log := range x.g.thr {
		log.cur = 0
	}
	x.dead, x.played = false, false
	x.g.listFree()
}

// replayed is the event of the graph that is thread t's next, or nil when the
// next is a new one.
func (x *explorer) replayed(t int32) *event {
	log := x.g.thr[t]
	if i := int(log.cur); i < len(log.ev) {
		return &x.g.ev[log.ev[i]]
	}
	return nil
}

// ran reports whether event w has been executed in this run. Reading before
// that could meet memory that the writer has yet to prepare.
func (x *explorer) ran(w int32) bool {
	e := &x.g.ev[w]
	return x.g.thr[e.thr].cur > e.idx
}

// allRan makes t wait until every write to loc has been executed in this run:
// a comparison of pointers needs those of this run.
func (x *explorer) allRan(t, loc int32) bool {
	for _, w := range x.g.loc[loc].co[1:] {
		if !x.ran(w) {
			x.waitFor(t, w)
			return false
		}
	}
	return true
}

func (x *explorer) ordering(o Order) Order {
	if x.memory == SC && o != NonAtomic {
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
		n := event{kind: kRead, thr: t, loc: loc, order: x.ordering(o), key: key}
		if pointer {
			n.flags |= fPointer
		}
		id := x.addRead(n)
		e = &x.g.ev[id]
		if e.rf >= 0 && !x.ran(e.rf) {
			x.waitFor(t, e.rf)
			return 0, false
		}
		x.g.thr[t].cur++
		return e.val, true
	}
	if e.kind != kRead || e.loc != loc || e.op != OpNone {
		x.diverged(t, e, fmt.Sprintf("a load of %s", x.locName(loc)))
		return 0, false
	}
	if e.rf >= 0 && !x.ran(e.rf) {
		x.waitFor(t, e.rf)
		return 0, false
	}
	if e.has(fPointer) {
		x.refresh(e)
	}
	x.g.thr[t].cur++
	return e.val, true
}

// refresh gives a pointer read the value that it has in this run.
func (x *explorer) refresh(e *event) {
	if e.rf >= 0 {
		e.val = x.g.ev[e.rf].val
	} else if e.rf == initial {
		e.val = x.g.loc[e.loc].init
	}
}

// store writes v to loc.
func (x *explorer) store(t, loc int32, v uint64, o Order, pointer bool) bool {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return false
		}
		n := event{kind: kWrite, thr: t, loc: loc, val: v, order: x.ordering(o)}
		if pointer {
			n.flags |= fPointer
		}
		x.addWrite(n)
		x.g.thr[t].cur++
		return true
	}
	if e.kind != kWrite || e.loc != loc || e.has(fUpdate) || e.val != v && !pointer {
		x.diverged(t, e, fmt.Sprintf("a store of %d to %s", int64(v), x.locName(loc)))
		return false
	}
	e.val = v
	x.g.thr[t].cur++
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
		n := event{
			kind: kRead, thr: t, loc: loc, op: u.Op, arg: u.Arg, exp: u.Expected, flags: fUpdate, key: key,
			succ: x.ordering(u.Order), fail: x.failing(u), width: u.Width, signed: u.Signed,
		}
		if u.Weak {
			n.flags |= fWeak
		}
		if u.Pointer {
			n.flags |= fPointer
		}
		id := x.addRead(n)
		if x.g.ev[id].has(fDone) && !x.addUpdate(t) {
			x.dead = true
			return 0, false, false
		}
		e = &x.g.ev[id]
	} else if e.kind != kRead || e.loc != loc || e.op != u.Op || !u.Pointer && (e.arg != u.Arg || e.exp != u.Expected) {
		x.diverged(t, e, fmt.Sprintf("an update of %s", x.locName(loc)))
		return 0, false, false
	}
	if e.rf >= 0 && !x.ran(e.rf) {
		x.waitFor(t, e.rf)
		return 0, false, false
	}
	if u.Pointer && !fresh {
		x.refresh(e)
		e.arg, e.exp = u.Arg, u.Expected
	}
	old, done = e.val, e.has(fDone)
	x.g.thr[t].cur++
	if done {
		if u.Pointer {
			x.g.ev[x.g.thr[t].ev[x.g.thr[t].cur]].val = e.apply(old)
		}
		x.g.thr[t].cur++
	}
	return old, done, true
}

// failedSpuriously reports whether thread t's last compare-exchange on loc did
// so. A loop around it would otherwise fail for ever; a second failure in a row
// shows nothing that the first does not.
func (x *explorer) failedSpuriously(t, loc int32) bool {
	log := x.g.thr[t].ev
	for i := x.g.thr[t].cur - 1; i >= 0; i-- {
		if e := &x.g.ev[log[i]]; e.loc == loc && e.kind == kRead && e.op == OpCAS {
			return e.choice != 0
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
		n := event{
			kind: kRead, thr: t, loc: loc, op: cond, exp: expected, arg: arg, flags: fAwait,
			order: x.ordering(o), succ: x.ordering(o), fail: x.ordering(Relaxed),
		}
		if swap {
			n.flags |= fUpdate
		} else {
			n.fail = n.order
		}
		id := x.addRead(n)
		if x.g.ev[id].has(fDone) && !x.addUpdate(t) {
			x.dead = true
			return 0, false
		}
		e = &x.g.ev[id]
	} else if e.kind != kRead || e.loc != loc || e.op != cond || e.exp != expected {
		x.diverged(t, e, fmt.Sprintf("an await on %s", x.locName(loc)))
		return 0, false
	}
	if e.rf >= 0 && !x.ran(e.rf) {
		x.waitFor(t, e.rf)
		return 0, false
	}
	if e.waits() {
		return 0, false
	}
	v := e.val
	x.g.thr[t].cur++
	if e.has(fDone) {
		x.g.thr[t].cur++
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
		x.g.add(event{kind: kFence, thr: t, loc: -1, order: x.ordering(o)})
	} else if e.kind != kFence {
		x.diverged(t, e, "a fence")
		return false
	}
	x.g.thr[t].cur++
	return true
}

// choose picks one of n alternatives.
func (x *explorer) choose(t int32, n int) (int, bool) {
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return 0, false
		}
		stamp := int32(len(x.g.ev))
		for k := n - 1; k > 0; k-- {
			x.push(item{kind: altChoice, stamp: stamp, at: int32(k), variant: 1})
		}
		id := x.g.add(event{kind: kChoice, thr: t, loc: -1, aux: int32(n)})
		e = &x.g.ev[id]
		switch {
		case x.steered != nil:
			e.val = uint64(x.steered.choose(n))
		case x.random != nil:
			e.val = uint64(x.random.IntN(n))
		}
	} else if e.kind != kChoice || e.aux != int32(n) {
		x.diverged(t, e, fmt.Sprintf("a choice of %d", n))
		return 0, false
	}
	x.g.thr[t].cur++
	return int(e.val), true
}

// spawnThread adds the start of a thread.
func (x *explorer) spawnThread(by *Thread) (*event, bool) {
	t := by.id
	e := x.replayed(t)
	if e == nil {
		if !x.room() {
			return nil, false
		}
		child := int32(x.g.freeThread())
		x.g.grow(int(child))
		id := x.g.add(event{kind: kSpawn, thr: t, loc: -1, aux: child, pos: x.g.addLocation(), arg: by.placeInGroup()})
		x.g.addThread(int(child), id)
		x.g.thr[t].cur++
		return &x.g.ev[id], true
	}
	if e.kind != kSpawn {
		x.diverged(t, e, "the start of a thread")
		return nil, false
	}
	x.g.thr[t].cur++
	return e, true
}

// latestSatisfies reports whether an await would be satisfied by the last
// value of loc in coherence order.
func (x *explorer) latestSatisfies(loc int32, cond Op, expected uint64) bool {
	if cond == OpNone {
		return !x.latestWaits(loc, expected)
	}
	l := &x.g.loc[loc]
	e := event{op: cond, exp: expected}
	return e.holds(x.g.valueAt(l, int32(len(l.co))-1))
}

// someSatisfies reports whether any value that thread t may still read would.
func (x *explorer) someSatisfies(t, loc int32, cond Op, expected uint64) bool {
	if cond == OpNone {
		return true // a busy loop may end by itself
	}
	l := &x.g.loc[loc]
	e := event{op: cond, exp: expected}
	for p := x.lower(loc, t); int(p) < len(l.co); p++ {
		if e.holds(x.g.valueAt(l, p)) {
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
	if x.maxEvents > 0 && len(x.g.ev) >= x.maxEvents {
		x.limit()
		return false
	}
	return true
}
