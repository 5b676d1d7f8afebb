package graph

// A Checker holds a graph that grows by an event at a time against a memory model. It
// keeps what it computes with, so it serves one graph at a time.
type Checker struct {
	Memory Memory
	psc    psc
	anc    ancestors
}

// Lowest is the least place in the coherence order of loc that the event behind event p
// in its thread may read from, and behind which it may write. If p is -1 it has none
// before it. An older place would break coherence (RC11), or close a cycle of
// po ∪ rf ∪ co ∪ fr (SC), which then has none as long as no event goes below that.
func (c *Checker) Lowest(g *Graph, loc, p int32) int32 {
	if c.Memory == SC {
		return c.anc.lower(g, loc, p)
	}
	if p < 0 {
		return 0
	}
	return g.lower(loc, g.Clock(p, HB))
}

// Consistent reports whether the graph still is, now that id was added last at a place
// that lowest allows.
func (c *Checker) Consistent(g *Graph, id int32) bool {
	return c.Memory == SC || !g.pscMatters(id) || !c.psc.cyclic(g, id)
}

// Fits reports whether the graph is consistent when r, which nothing follows, reads from
// the write w, which only r follows.
func (c *Checker) Fits(g *Graph, r, w int32) bool {
	e := &g.Ev[r]
	if c.Lowest(g, e.Loc, g.prev(e)) > g.Ev[w].Pos {
		return false
	}
	if c.Memory == SC {
		return true
	}
	if !g.pscMatters(r) && !g.pscMatters(w) {
		return true
	}
	return !c.psc.anyCycle(g)
}

// Whole reports whether RC11 allows the graph, with orderings that were changed. The
// clocks are those of the new orderings.
func (c *Checker) Whole(g *Graph) bool {
	for id := range g.Ev {
		if e := &g.Ev[id]; e.Access() {
			p := g.prev(e)
			if p < 0 {
				continue
			}
			if low := g.lower(e.Loc, g.Clock(p, HB)); g.posOf(e) < low || e.Kind == Write && e.Pos == low {
				return false
			}
		}
	}
	return !c.psc.anyCycle(g)
}
