package engine

// await.go learns which loads are the condition of a busy loop, and which
// values leave the thread in it. What a thread does after a load follows from
// what its operations have returned so far, its history, and from this value;
// so a thread with the same history and value waits again. The knowledge has
// two uses, neither of which loses an execution: the thread lets others run
// before it loads (order is free in TruSt), and an old value that it would
// wait on is not tried (nothing could complete that, see addReadOf).
//
// What a thread does may also depend on plain memory that others wrote. In a
// program without races it has synchronized with them first, so a load that
// acquires adds the history of the thread that it acquired from.

const (
	firstHistory = 0x243f6a8885a308d3
	mostKnown    = 1 << 16 // memory stays flat; what is not known is only slower
)

func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// learn adds the operation just done, a read or a choice of v, to the
// thread's history.
func (t *Thread) learn(v uint64) {
	g := t.x.g
	log := g.thr[t.id].ev
	id := log[t.x.g.thr[t.id].cur-1]
	e := &g.ev[id]
	r := e
	if e.kind == kWrite {
		r = &g.ev[log[e.idx-1]]
	}
	t.before = t.history
	if r.has(fPointer) {
		v = 1 // numbers of pointers differ between runs: which write it was does not
	}
	h := mix(t.history, v)
	if r.kind == kRead && r.rf >= 0 && (r.order.acquires() || r.has(fPointer)) {
		h = mix(h, g.ev[r.rf].hist)
	}
	t.history = h
	r.hist, e.hist = h, h
	if e.kind == kWrite && r.rf >= 0 {
		e.hist = mix(h, g.ev[r.rf].hist) // it carries on a release sequence
	}
}

// passOn marks the operation just done with the thread's history. A fence
// acquires from all writes that the thread has read from.
func (t *Thread) passOn() {
	g := t.x.g
	log := g.thr[t.id].ev
	e := &g.ev[log[t.x.g.thr[t.id].cur-1]]
	if e.kind == kFence && e.order.acquires() {
		for _, id := range log[:e.idx] {
			if r := &g.ev[id]; r.kind == kRead && r.rf >= 0 {
				t.history = mix(t.history, g.ev[r.rf].hist)
			}
		}
	}
	e.hist = mix(t.history, uint64(e.idx))
}

// waitsHere notes that the load just done leaves its thread in a busy loop.
func (t *Thread) waitsHere() {
	x := t.x
	if t.e.opts.Bounded || x.bad.n > mostKnown {
		return
	}
	log := x.g.thr[t.id].ev
	e := &x.g.ev[log[x.g.thr[t.id].cur-1]]
	if e.kind != kRead || e.op != OpNone || e.has(fPointer) {
		return
	}
	e.arg = t.before
	x.note(t.before) // the load is a condition
	x.note(mix(t.before, e.val))
}

func (x *explorer) note(h uint64) {
	if x.bad.has(h) {
		return
	}
	x.bad.add(h)
	if p := x.pool; p != nil && p.opts.Parallel > 1 {
		p.told.write(h)
	}
}

// awaitLater lets others run before a load that would leave the thread in a
// busy loop, and returns the history to add the load with: 0 if it is no condition.
func (t *Thread) awaitLater(loc int32) uint64 {
	x := t.x
	if x.bad.n == 0 || x.replayed(t.id) != nil || !x.bad.has(t.history) {
		return 0
	}
	t.wait = wait{loc: loc, cond: OpNone, expected: t.history}
	for !t.wait.forced && x.latestWaits(loc, t.history) {
		t.noteWait()
		t.state = deferred
		t.block()
	}
	return t.history
}

func (x *explorer) latestWaits(loc int32, history uint64) bool {
	l := &x.g.loc[loc]
	return x.bad.has(mix(history, x.g.valueAt(l, int32(len(l.co))-1)))
}
