package graph

// Linear is an order of the events that extends porf, by number where it can be.
func (g *Graph) Linear() []int32 {
	order := make([]int32, 0, len(g.Ev))
	state := make([]bool, len(g.Ev))
	var visit func(id int32)
	visit = func(id int32) {
		if id < 0 || state[id] {
			return
		}
		state[id] = true
		e := &g.Ev[id]
		visit(g.prev(e))
		visit(g.twinOp(e.Thr, e.Idx))
		switch e.Kind {
		case Read:
			visit(e.RF)
		case Join:
			visit(g.Before(e.Aux))
		}
		order = append(order, id)
	}
	for id := range g.Ev {
		visit(int32(id))
	}
	return order
}

// Overwriter is the write that comes next in coherence order after the one that
// the read e has its value from; -1 if there is none, or e has no value yet.
func (g *Graph) Overwriter(e *Event) int32 {
	pos := int32(0)
	switch {
	case e.RF >= 0:
		pos = g.Ev[e.RF].Pos
	case e.RF != Initial:
		return -1
	}
	if co := g.Loc[e.Loc].CO; int(pos)+1 < len(co) {
		return co[pos+1]
	}
	return -1
}

// Released reports whether an acquiring reader of the write w learns anything.
func (g *Graph) Released(w int32) bool {
	for _, n := range g.Clock(w, Rel) {
		if n > 0 {
			return true
		}
	}
	return false
}

// Carries is the write whose release sequence the write w carries on; -1: none.
func (g *Graph) Carries(w int32) int32 {
	e := &g.Ev[w]
	if !e.Has(Update) {
		return -1
	}
	return g.Ev[g.Thr[e.Thr].Ev[e.Idx-1]].RF
}
