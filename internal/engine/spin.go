package engine

// A busy loop that changes nothing is an await. SAVer (Kokologiannakis, Ren,
// Vafeiadis, "Dynamic Partial Order Reductions for Spinloops", FMCAD 2021)
// finds such loops in the program text; the engine sees only operations.
// When a thread says SpinLoop after a load, its next loads are silent: they
// give what the thread has seen last at the location, and are no events. If it
// comes round to SpinLoop like that, it would do so for ever, unless one of the
// loads before the loop read something else: those are events, and reading
// something else is an execution of its own. So the thread waits.
//
// A loop with a counter does end by itself. So when nothing else can run, a
// waiting thread goes round silentRounds times more before it counts as stuck.
// If it leaves the loop, the silent loads stay unexplored, except those of the
// first round, which become events if the thread leaves before a second one.

// silentRounds is how often a busy loop is repeated in search of its end.
const silentRounds = 128

// maxIdle is how many accesses to plain data a thread makes with no event in
// between before it counts as one that never ends: nothing that others do can
// end such a loop. A SpinLoop, which does nothing else, counts for ten.
const maxIdle = 10_000_000

type spin struct {
	on       bool
	extended bool // nothing else can run: look whether the loop ends by itself
	rounds   int
	loads    int32 // silent ones
	seen     []silentOp
	skipped  int32 // silent loads done before the next event, while it is played again
	implicit int32 // loads in a round of a loop without SpinLoop
}

func (s *spin) reset() {
	s.on, s.extended = false, false
	s.rounds, s.loads, s.skipped, s.implicit = 0, 0, 0, 0
	s.seen = s.seen[:0]
}

// A silentOp is a silent load that may have to become an event.
type silentOp struct {
	loc     int32
	order   Order
	pointer bool
	update  *Update
}

// maybeSilent reports whether the next load may be silent.
func (t *Thread) maybeSilent() bool {
	if t.spin.on {
		return true
	}
	e := t.x.replayed(t.id)
	return e != nil && e.silent > t.spin.skipped
}

// lastSeen is the value that the thread has read or written last at loc.
func (t *Thread) lastSeen(loc int32) (uint64, bool) {
	x := t.x
	log := x.g.thr[t.id].ev
	for i := x.g.thr[t.id].cur - 1; i >= 0; i-- {
		if e := &x.g.ev[log[i]]; e.loc == loc {
			return e.val, true
		}
	}
	return 0, false
}

func (t *Thread) silentLoad(loc int32, o Order, pointer bool) (uint64, bool) {
	v, ok := t.lastSeen(loc)
	if !ok {
		return 0, false
	}
	t.countSilent(silentOp{loc: loc, order: o, pointer: pointer})
	return v, true
}

// silentFailure is a compare-exchange in a busy loop that fails again.
func (t *Thread) silentFailure(loc int32, u *Update) (uint64, bool) {
	v, ok := t.lastSeen(loc)
	if e := (event{op: u.Op, exp: u.Expected}); !ok || e.takesEffect(v) {
		return 0, false
	}
	c := *u
	t.countSilent(silentOp{loc: loc, update: &c})
	return v, true
}

func (t *Thread) countSilent(op silentOp) {
	if !t.spin.on { // played again
		t.spin.skipped++
		return
	}
	t.spin.loads++
	if t.spin.rounds == 0 {
		t.spin.seen = append(t.spin.seen, op)
	}
	if p := t.spin.implicit; p > 0 && t.spin.loads%p == 0 {
		t.round()
	}
}

// settleSpin ends a busy loop that turned out to have an end.
func (t *Thread) settleSpin() {
	if !t.spin.on {
		return
	}
	seen, rounds, loads := t.spin.seen, t.spin.rounds, t.spin.loads
	t.spin = spin{seen: seen[:0]}
	x := t.x
	if rounds > 0 {
		x.silent = loads
		return
	}
	for i := range seen {
		op := &seen[i]
		for {
			var ok bool
			if op.update != nil {
				_, _, ok = x.repeatUpdate(t.id, op.loc, op.update)
			} else {
				_, ok = x.repeatLoad(t.id, op.loc, op.order, op.pointer)
			}
			if ok {
				break
			}
			t.retry()
		}
	}
}

// record is called after each operation that is an event.
func (t *Thread) record() {
	t.spin.skipped = 0
	if t.e.recording != nil {
		t.e.recording.note(t)
	}
}

// SpinLoop tells the engine that the thread is in a busy loop.
func (t *Thread) SpinLoop() {
	if t.e.stopped() {
		t.leave()
	}
	x := t.x
	n := x.g.thr[t.id].cur
	t.idles(10)
	if x.replayed(t.id) != nil {
		return
	}
	if !t.spin.on {
		log := x.g.thr[t.id].ev
		if n == 0 || !x.g.harmless(log[n-1]) {
			return
		}
		t.spin = spin{on: true, seen: t.spin.seen[:0]}
		return
	}
	t.round()
}

// idles counts what a thread does without an event.
func (t *Thread) idles(n int) {
	x := t.x
	if cur := x.g.thr[t.id].cur; t.idleAt != cur {
		t.idleAt, t.idle = cur, 0
	}
	if t.idle += n; t.idle > maxIdle {
		t.Fail(Unsupported, "%s is in a loop at %s that has used plain data ten million times, or called SpinLoop or YieldNow a million times, with no operation in between that others can see: make what it waits for an atomic, or let the loop end", x.threadName(t.id), short(callSite()))
	}
}

// round ends a round of a busy loop.
func (t *Thread) round() {
	t.spin.rounds++
	endless := t.e.spun.has(t.history)
	if t.spin.rounds == 1 && t.spin.loads == 1 && t.spin.implicit == 0 {
		t.waitsHere()
	}
	switch {
	case !t.spin.extended && !endless:
		t.noteWait()
		t.state = spinning
		t.block()
	case t.spin.rounds > silentRounds || endless:
		if t.e.spun.n < mostKnown {
			t.e.spun.add(t.history)
		}
		t.noteWait()
		t.state = exhausted
		t.block()
	}
}

// harmless reports whether event id changes nothing: it is a load, or an
// update that wrote what it read.
func (g *graph) harmless(id int32) bool {
	e := &g.ev[id]
	switch e.kind {
	case kRead:
		return !e.has(fAwait)
	case kWrite:
		return e.has(fUpdate) && g.ev[g.thr[e.thr].ev[e.idx-1]].val == e.val
	}
	return false
}

// noticeLoop takes a load for the next round of a busy loop without SpinLoop
// when the loads before it are the same one to four, eight times over, with
// the same values.
func (t *Thread) noticeLoop(loc int32) {
	const rounds, longest = 8, 4
	x := t.x
	if t.spin.on || x.replayed(t.id) != nil {
		return
	}
	log := x.g.thr[t.id].ev
	n := len(log)
	same := func(a, b int32) bool {
		ea, eb := &x.g.ev[a], &x.g.ev[b]
		return ea.kind == kRead && eb.kind == kRead && !ea.has(fAwait|fDone) && ea.loc == eb.loc && ea.rf == eb.rf && ea.op == eb.op
	}
	for period := 1; period <= longest && period*rounds <= n; period++ {
		if x.g.ev[log[n-period]].loc != loc {
			continue
		}
		loop := true
		for i := n - period*(rounds-1); i < n && loop; i++ {
			loop = same(log[i], log[i-period])
		}
		if loop {
			t.spin = spin{on: true, seen: t.spin.seen[:0], rounds: 1, implicit: int32(period)}
			return
		}
	}
}
