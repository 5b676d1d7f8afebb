package engine

// symmetry.go is threads that are alike: they run the same function, and were started
// one right after the other. An execution in which such threads have changed places is
// the same one for every verdict, so of those one is explored, or a few.
//
// While two of them have done the same so far, loads of the same stores and fences, the
// one that was started later does its next operation after the other's: its event is
// behind that one's in porf, as if it had waited for it, though not in happens-before
// (graph.twin, computeClocks). That is all: what may be read from is as before. The
// program with these waits is one that TruSt explores like any other, for whether there
// is one follows from what comes before the event in porf.
//
// No execution is lost but for such changes of places. Take any, and an order of its
// events that keeps program order and reads-from; RC11 has one. Where threads have
// begun alike with k operations, and the next ones are loads of the same store, move
// those to the place of the first of them: what they depend on is there already, since
// it is what that one depends on. Do that for k = 0, 1, and on. Then number the threads
// by the place of the first operation in which they differ, those that have none last.
// Two that have begun alike do their next operations in the order of their numbers
// now, so the execution with these numbers has all of the waits, and their order has
// no cycle. It is consistent, for consistency does not ask for numbers, if the threads
// have the same events before them: so nothing may come between their starts.
//
// A thread of a group must not tell itself from the others. If it does so by what is no
// operation, it may go on where the other one does not: then it waits no more if the
// other one is over, and nothing is lost that way.

// twin is the thread that the next operation of thread t, behind k events, comes after:
// the one of its group started last before it that has the same first k events; -1: none.
func (g *graph) twin(t, k int32) int32 {
	spawn := g.thr[t].spawn
	if spawn < 0 {
		return -1
	}
	s := &g.ev[spawn]
	parent := g.thr[s.thr].ev
	for i := int32(1); i < int32(s.arg); i++ {
		if sibling := g.ev[parent[s.idx-i]].aux; g.alike(sibling, t, k) {
			return sibling
		}
	}
	return -1
}

// twinOp is the last event of the operation that the next one of thread t, behind k
// events, comes after: an update is two events. It is -1 if there is none, or that
// thread is over before it, see precedes.
func (g *graph) twinOp(t, k int32) int32 {
	twin := g.twin(t, k)
	if twin < 0 || int(k) >= len(g.thr[twin].ev) {
		return -1
	}
	log := g.thr[twin].ev
	if g.ev[log[k]].has(fDone) && int(k)+1 < len(log) {
		return log[k+1]
	}
	return log[k]
}

// alike reports whether two threads have the same first k events, none of which
// changes anything.
func (g *graph) alike(a, b, k int32) bool {
	la, lb := g.thr[a].ev, g.thr[b].ev
	if int32(len(la)) < k {
		return false
	}
	for i := range k {
		ea, eb := &g.ev[la[i]], &g.ev[lb[i]]
		same := ea.kind == eb.kind && ea.op == eb.op && ea.loc == eb.loc && ea.order == eb.order && ea.choice == eb.choice
		switch ea.kind {
		case kRead:
			same = same && ea.rf == eb.rf && ea.rf != unset && !ea.has(fDone) && !eb.has(fDone)
		case kChoice:
			same = same && ea.val == eb.val
		case kFence:
		default:
			return false
		}
		if !same {
			return false
		}
	}
	return true
}

// SymmetricBegin begins a group: the threads that t starts until SymmetricEnd.
func (t *Thread) SymmetricBegin() {
	if !t.e.opts.Plain {
		t.grouping, t.groupFrom = true, t.x.g.thr[t.id].cur
	}
}

// SymmetricEnd ends the group.
func (t *Thread) SymmetricEnd() { t.grouping = false }

// placeInGroup is what the start of a thread, which is new, has as its place in its
// group, from 1; 0 is none. Where something has come between the starts it is the first
// one of another group.
func (t *Thread) placeInGroup() uint64 {
	if !t.grouping {
		return 0
	}
	g := t.x.g
	log := g.thr[t.id].ev
	if n := int32(len(log)); n > t.groupFrom {
		if before := &g.ev[log[n-1]]; before.kind == kSpawn && before.arg > 0 {
			return before.arg + 1
		}
	}
	return 1
}

// afterTwin waits until the operation of another thread is there that the next one of t
// comes after.
func (t *Thread) afterTwin() {
	x := t.x
	for x.replayed(t.id) == nil && !x.dead {
		k := x.g.thr[t.id].cur
		twin := x.g.twin(t.id, k)
		if twin < 0 || !t.e.precedes(twin, k) {
			return
		}
		t.twin, t.twinAt = twin, k
		t.state = behindTwin
		t.block()
	}
}

// precedes reports whether thread u is still to do its operation behind k events, as
// far as it does one at all.
func (e *Engine) precedes(u, k int32) bool {
	if int32(len(e.x.g.thr[u].ev)) > k {
		return false
	}
	switch e.threads[u].state {
	case discarded, over, idle:
		return false
	}
	return true
}
