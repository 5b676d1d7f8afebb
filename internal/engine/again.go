package engine

// again.go is the short way for an operation that the graph has already. Most
// operations of a run are such: it changes little of the graph it begins with.
// Where anything but the graph decides, or the operation is not the one that
// the graph has, the long way is taken.

// again is the event of the graph that is t's next operation; nil: take the
// long way. A thread that unwinds gets one, too: that does no harm, and it comes
// to the end of what the graph has.
func (t *Thread) again() *event {
	e := t.e
	if !e.plain {
		return nil
	}
	x := e.x
	log := x.g.thr[t.id].ev
	i := int(x.cur[t.id])
	if i >= len(log) {
		return nil
	}
	if ev := &x.g.ev[log[i]]; ev.silent == 0 {
		return ev
	}
	return nil
}

// finds reports whether ev is of the object with that tag, or can be, because
// the execution has not met the object yet.
func (t *Thread) finds(at *Tag, ev *event, init uint64) bool {
	e := t.e
	owner := at.serial.Load()
	if owner == e.serial {
		return at.loc == ev.loc
	}
	if owner != 0 && owner>>serialBits != e.serial>>serialBits || !at.serial.CompareAndSwap(owner, e.serial) {
		return false
	}
	at.loc = ev.loc
	l := &e.x.g.loc[ev.loc]
	l.init, l.name = init, ""
	return true
}

// ranBefore reports whether what the read ev reads from has been executed in this run.
func (x *explorer) ranBefore(ev *event) bool { return ev.rf < 0 || x.ran(ev.rf) }

// recall is learn for an operation that the graph has.
func (t *Thread) recall(ev *event) {
	if ev.hist == 0 {
		t.learn(ev.val)
		return
	}
	t.before, t.history = t.history, ev.hist
}

func (t *Thread) loadAgain(at *Tag, init uint64) (v uint64, ok bool) {
	ev := t.again()
	if ev == nil || ev.kind != kRead || ev.op != OpNone || ev.has(fPointer) || !t.finds(at, ev, init) || !t.e.x.ranBefore(ev) {
		return 0, false
	}
	t.e.x.cur[t.id]++
	t.recall(ev)
	return ev.val, true
}

func (t *Thread) storeAgain(at *Tag, init, v uint64) bool {
	ev := t.again()
	if ev == nil || ev.kind != kWrite || ev.val != v || ev.hist == 0 || ev.has(fUpdate|fPointer) || !t.finds(at, ev, init) {
		return false
	}
	t.e.x.cur[t.id]++
	return true
}

func (t *Thread) updateAgain(at *Tag, init uint64, op Op, arg, expected uint64) (old uint64, done, ok bool) {
	ev := t.again()
	if ev == nil || ev.kind != kRead || ev.op != op || op == OpModify || ev.arg != arg || ev.exp != expected || ev.hist == 0 ||
		ev.has(fPointer|fAwait) || !t.finds(at, ev, init) || !t.e.x.ranBefore(ev) {
		return 0, false, false
	}
	return ev.val, ev.has(fDone), t.passUpdate(ev)
}

// passUpdate goes on behind the read part ev of an update, and its write part.
func (t *Thread) passUpdate(ev *event) bool {
	x := t.e.x
	if !ev.has(fDone) {
		x.cur[t.id]++
	} else {
		if log := x.g.thr[t.id].ev; int(ev.idx)+1 == len(log) || x.g.ev[log[ev.idx+1]].hist == 0 {
			return false
		}
		x.cur[t.id] += 2
	}
	t.recall(ev)
	return true
}

func (t *Thread) awaitAgain(at *Tag, init uint64, cond Op, expected, v uint64) (got uint64, ok bool) {
	ev := t.again()
	if ev == nil || ev.kind != kRead || ev.op != cond || ev.exp != expected || ev.arg != v || ev.hist == 0 || !ev.has(fAwait) ||
		!ev.holds(ev.val) || !t.finds(at, ev, init) || !t.e.x.ranBefore(ev) {
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
	t.e.x.cur[t.id]++
	return true
}

// awaitEndAgain is for the read that a join is.
func (t *Thread) awaitEndAgain(n Ending) bool {
	ev := t.again()
	if ev == nil || ev.kind != kRead || ev.op != OpUntil || n.serial != t.e.serial || ev.loc != n.of.end || ev.rf < 0 {
		return false
	}
	x := t.e.x
	if !x.ran(ev.rf) {
		t.awaitRun(ev.rf)
		ev = t.again() // others may have moved it
	}
	x.cur[t.id]++
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
