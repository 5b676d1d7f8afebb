package engine

// await.go learns which loads are the condition of a busy loop, and which
// values leave the thread in it. What a thread does after a load follows from
// what its operations have returned so far, its history, and from this value;
// so a thread with the same history and value waits again. The knowledge has
// two uses, neither of which loses an execution: the thread lets others run
// before it loads (order is free in TruSt), and an old value that it would
// wait on is not tried (nothing could complete that, see addReadOf).
//
// A thread that has looked at plain memory or at pointers has no history: what
// it does may depend on more.

const (
	firstHistory = 0x243f6a8885a308d3
	mostKnown    = 1 << 16 // memory stays flat; what is not known is only slower
)

func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// learn adds a value to the thread's history.
func (t *Thread) learn(v uint64, pointer bool) {
	t.before = t.history
	if pointer {
		t.history = 0
	}
	if t.history != 0 {
		if t.history = mix(t.history, v); t.history == 0 {
			t.history = 1
		}
	}
}

// waitsHere notes that the load just done leaves its thread in a busy loop.
func (t *Thread) waitsHere() {
	x := t.e.x
	if t.before == 0 || t.e.opts.Bounded || len(x.bad) > mostKnown {
		return
	}
	log := x.g.thr[t.id].ev
	e := &x.g.ev[log[x.cur[t.id]-1]]
	if e.kind != kRead || e.op != OpNone || e.has(fPointer) {
		return
	}
	e.arg = t.before
	x.bad[t.before] = true // the load is a condition
	x.bad[mix(t.before, e.val)] = true
}

// awaitLater lets others run before a load that would leave the thread in a
// busy loop, and returns the history to add the load with: 0 if it is no condition.
func (t *Thread) awaitLater(loc int32) uint64 {
	x := t.e.x
	if t.history == 0 || x.replayed(t.id) != nil || !x.bad[t.history] {
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
	return x.bad[mix(history, x.g.valueAt(l, int32(len(l.co))-1))]
}
