package graph

// ancestors marks what must come before an event in every interleaving:
// po ∪ rf ∪ co ∪ fr, followed backwards.
type ancestors struct {
	mark  []uint32
	round uint32
	stack []int32
}

func (a *ancestors) push(e int32) {
	if e >= 0 && a.mark[e] != a.round {
		a.mark[e] = a.round
		a.stack = append(a.stack, e)
	}
}

// of marks the ancestors of e and e itself.
func (a *ancestors) of(g *Graph, e int32) {
	if len(a.mark) < len(g.Ev) {
		a.mark = make([]uint32, 2*len(g.Ev))
		a.round = 0
	}
	a.round++
	if a.round == 0 {
		clear(a.mark)
		a.round = 1
	}
	a.stack = a.stack[:0]
	a.push(e)
	for len(a.stack) > 0 {
		id := a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		ev := &g.Ev[id]
		a.push(g.prev(ev))
		switch ev.Kind {
		case Read:
			a.push(ev.RF)
		case Join:
			a.push(g.Before(ev.Aux))
		case Write:
			l := &g.Loc[ev.Loc]
			before := l.CO[ev.Pos-1]
			a.push(before)
			for _, r := range l.Acc {
				if re := &g.Ev[r]; re.Kind == Read && re.RF == before {
					a.push(r)
				}
			}
		}
	}
}

// lower is as Graph.lower, for sequential consistency: the least place in the
// coherence order of loc that an event after e may read from.
func (a *ancestors) lower(g *Graph, loc, e int32) int32 {
	if e < 0 {
		return 0
	}
	a.of(g, e)
	low := int32(0)
	for _, x := range g.Loc[loc].Acc {
		if a.mark[x] == a.round {
			low = max(low, g.posOf(&g.Ev[x]))
		}
	}
	return low
}
