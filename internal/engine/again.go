package engine

// again.go is the short way for an operation that the graph has already. Most
// operations of a run are such: it changes little of the graph it begins with.
// Where anything but the graph decides, or the operation is not the one that
// the graph has, the long way is taken.

// noScript sends a thread the long way.
var noScript threadLog

// again is the event of the graph that is t's next operation; nil: take the
// long way. A thread that unwinds gets one, too: that does no harm, and it comes
// to the end of what the graph has.
func (t *Thread) again() *event {
	s := t.script
	if i := uint(s.cur); i < uint(len(s.ev)) {
		return &t.x.g.ev[s.ev[i]]
	}
	return nil
}

// finds reports whether ev is of the object with that tag, or can be, because
// the execution has not met the object yet.
func (t *Thread) finds(at *Tag, ev *event, init uint64) bool {
	if at.serial.Load() == t.e.serial {
		return at.loc == ev.loc
	}
	return t.meets(at, ev, init)
}

// meets is finds for an object that this execution has not met, or that another
// engine has.
//
//go:noinline
func (t *Thread) meets(at *Tag, ev *event, init uint64) bool {
	e := t.e
	owner := at.serial.Load()
	if owner != 0 && owner>>serialBits != e.serial>>serialBits || !at.serial.CompareAndSwap(owner, e.serial) {
		return false
	}
	at.loc = ev.loc
	l := &e.x.g.loc[ev.loc]
	l.init, l.name = init, ""
	return true
}

// written is the read ev when what it reads from has been executed in this run.
func (t *Thread) written(ev *event) *event {
	if ev.rf < 0 || t.x.ran(ev.rf) {
		return ev
	}
	t.awaitRun(ev.rf)
	return t.again() // others may have moved it
}

// recall is learn for an operation that the graph has.
func (t *Thread) recall(ev *event) {
	if ev.hist == 0 {
		t.learn(ev.val)
		return
	}
	t.before, t.history = t.history, ev.hist
}

// passUpdate goes on behind the read part ev of an update, and its write part.
func (t *Thread) passUpdate(ev *event) bool {
	if !ev.has(fDone) {
		t.script.cur++
	} else {
		if log := t.script.ev; int(ev.idx)+1 == len(log) || t.x.g.ev[log[ev.idx+1]].hist == 0 {
			return false
		}
		t.script.cur += 2
	}
	t.recall(ev)
	return true
}

// updates reports whether ev is such an update of the object with that tag, and
// if so goes on behind it.
func (t *Thread) updates(at *Tag, ev *event, init uint64, op Op, arg, expected uint64) bool {
	return ev.kind == kRead && ev.op == op && ev.arg == arg && ev.exp == expected && ev.hist != 0 &&
		ev.key == 0 && !ev.has(fPointer|fAwait) && t.finds(at, ev, init) && (ev.rf < 0 || t.x.ran(ev.rf)) && t.passUpdate(ev)
}

func (t *Thread) awaitAgain(at *Tag, init uint64, cond Op, expected, v uint64) (got uint64, ok bool) {
	ev := t.again()
	if ev == nil || ev.kind != kRead || ev.op != cond || ev.exp != expected || ev.arg != v || ev.hist == 0 || !ev.has(fAwait) ||
		!ev.holds(ev.val) || !t.finds(at, ev, init) || ev.rf >= 0 && !t.x.ran(ev.rf) {
		return 0, false
	}
	return ev.val, t.passUpdate(ev)
}

// endAgain is for the store that a thread ends with.
func (t *Thread) endAgain() bool {
	ev := t.again()
	if ev == nil || ev.kind != kWrite || ev.loc != t.end || ev.hist == 0 {
		return false
	}
	t.script.cur++
	return true
}

// awaitEndAgain is for the read that a join is.
func (t *Thread) awaitEndAgain(n Ending) bool {
	ev := t.again()
	if ev == nil || ev.kind != kRead || ev.op != OpUntil || n.serial != t.e.serial || ev.loc != n.of.end || ev.rf < 0 {
		return false
	}
	ev = t.written(ev)
	t.script.cur++
	t.recall(ev)
	return true
}

// awaitRun waits until the event w has been executed. It is block, but looks
// first at what is most often so: w's thread begins, and ends.
func (t *Thread) awaitRun(w int32) {
	e := t.e
	x := e.x
	x.waitFor(t.id, w)
	t.state = delayed
	e.blocked = append(e.blocked, t)
	if u := e.threads[x.g.ev[w].thr]; u.new && !u.separate && !e.stopped() {
		t.on.call(u)
		if e.next == nil && e.blocked[len(e.blocked)-1] == t && x.ran(w) && !e.stopped() {
			e.goesOn(t)
			return
		}
	}
	t.goOn()
}
