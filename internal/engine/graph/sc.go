package graph

// ancestors marks what must come before an event in every interleaving:
// po ∪ rf ∪ co ∪ fr, followed backwards.
type ancestors struct {
	mark  []uint32
	round uint32
	stack []int32

	// The reads of a location, by the write that they read from, are listed when the first
	// write to it is followed: to look for them again at each write would take a time
	// that grows with the third power of the events.
	first   []int32  // by event: of a write, a read that reads from it, or -1
	next    []int32  // by event: of a read, another one of the same write, or -1
	initial []int32  // by location: a read of the initial value, or -1
	listed  []uint32 // by location: the round in which that was done
}

func (a *ancestors) push(e int32) {
	if e >= 0 && a.mark[e] != a.round {
		a.mark[e] = a.round
		a.stack = append(a.stack, e)
	}
}

// begin forgets all marks, and makes room.
func (a *ancestors) begin(g *Graph) {
	if len(a.mark) < len(g.Ev) {
		n := 2 * len(g.Ev)
		a.mark, a.first, a.next = make([]uint32, n), make([]int32, n), make([]int32, n)
	}
	if len(a.listed) < len(g.Loc) {
		a.listed, a.initial = make([]uint32, 2*len(g.Loc)), make([]int32, 2*len(g.Loc))
	}
	a.round++
	if a.round == 0 {
		clear(a.mark)
		clear(a.listed)
		a.round = 1
	}
	a.stack = a.stack[:0]
}

// readers is the first of the reads that read from place p of the location.
func (a *ancestors) readers(g *Graph, loc, p int32) int32 {
	l := &g.Loc[loc]
	if a.listed[loc] != a.round {
		a.listed[loc] = a.round
		a.initial[loc] = -1
		for _, w := range l.CO[1:] {
			a.first[w] = -1
		}
		for _, r := range l.Acc {
			e := &g.Ev[r]
			switch {
			case e.Kind != Read:
			case e.RF >= 0:
				a.next[r], a.first[e.RF] = a.first[e.RF], r
			case e.RF == Initial:
				a.next[r], a.initial[loc] = a.initial[loc], r
			}
		}
	}
	if p == 0 {
		return a.initial[loc]
	}
	return a.first[l.CO[p]]
}

// lower is as Graph.lower, for sequential consistency: the least place in the
// coherence order of loc that an event after e may read from.
//
// That is the greatest place that an ancestor of e has seen there, so who has come upon the
// last place need not look further. What happens before e is among its ancestors: under
// this model happens-before is made of po and rf, and of starts and ends of threads.
func (a *ancestors) lower(g *Graph, loc, e int32) int32 {
	if e < 0 {
		return 0
	}
	co := g.Loc[loc].CO
	last := int32(len(co)) - 1
	if last > 0 && (co[last] == e || g.HB(co[last], e)) {
		return last
	}
	low := int32(0)
	a.begin(g)
	for a.push(e); len(a.stack) > 0 && low < last; {
		id := a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		ev := &g.Ev[id]
		if ev.Loc == loc && ev.Access() {
			low = max(low, g.posOf(ev))
		}
		a.push(g.prev(ev))
		switch ev.Kind {
		case Read:
			a.push(ev.RF)
		case Join:
			a.push(g.Before(ev.Aux))
		case Write:
			a.push(g.Loc[ev.Loc].CO[ev.Pos-1])
			for r := a.readers(g, ev.Loc, ev.Pos-1); r >= 0; r = a.next[r] {
				a.push(r)
			}
		}
	}
	return low
}
