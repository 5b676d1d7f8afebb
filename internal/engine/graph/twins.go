package graph

// twins.go is threads that are alike: they run the same function, and were started
// one right after the other. An execution in which such threads have changed places is
// the same one for every verdict, so of those one is explored, or a few.
//
// While two of them have done the same so far, loads of the same stores and fences, the
// one that was started later does its next operation after the other's: its event is
// behind that one's in porf, as if it had waited for it, though not in happens-before
// (twin, computeClocks). That is all: what may be read from is as before. The
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

// Twin is the thread that the next operation of thread t, behind k events, comes after:
// the one of its group started last before it that has the same first k events; -1: none.
func (g *Graph) Twin(t, k int32) int32 {
	spawn := g.Thr[t].spawn
	if spawn < 0 {
		return -1
	}
	s := &g.Ev[spawn]
	parent := g.Thr[s.Thr].Ev
	for i := int32(1); i < int32(s.Arg); i++ {
		if sibling := g.Ev[parent[s.Idx-i]].Aux; g.alike(sibling, t, k) {
			return sibling
		}
	}
	return -1
}

// twinOp is the last event of the operation that the next one of thread t, behind k
// events, comes after: an update is two events. It is -1 if there is none, or that
// thread is over before it, see precedes.
func (g *Graph) twinOp(t, k int32) int32 {
	twin := g.Twin(t, k)
	if twin < 0 || int(k) >= len(g.Thr[twin].Ev) {
		return -1
	}
	log := g.Thr[twin].Ev
	if g.Ev[log[k]].Has(Done) && int(k)+1 < len(log) {
		return log[k+1]
	}
	return log[k]
}

// alike reports whether two threads have the same first k events, none of which
// changes anything.
func (g *Graph) alike(a, b, k int32) bool {
	la, lb := g.Thr[a].Ev, g.Thr[b].Ev
	if int32(len(la)) < k {
		return false
	}
	for i := range k {
		ea, eb := &g.Ev[la[i]], &g.Ev[lb[i]]
		same := ea.Kind == eb.Kind && ea.Op == eb.Op && ea.Loc == eb.Loc && ea.Order == eb.Order && ea.Choice == eb.Choice
		switch ea.Kind {
		case Read:
			same = same && ea.RF == eb.RF && ea.RF != Unset && !ea.Has(Done) && !eb.Has(Done)
		case Choice:
			same = same && ea.Val == eb.Val
		case Fence:
		default:
			return false
		}
		if !same {
			return false
		}
	}
	return true
}
