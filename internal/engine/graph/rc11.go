package graph

// lower is the least place in the coherence order of loc that the next event
// of a thread may read from, where clock is the happens-before clock of what
// comes before it (nil: nothing does): reading an older value, or writing
// before it, would break coherence, hb;eco? irreflexive.
func (g *Graph) lower(loc int32, clock []uint16) int32 {
	low := int32(0)
	if clock == nil {
		return low
	}
	for _, a := range g.Loc[loc].Acc {
		e := &g.Ev[a]
		if int32(clock[e.Thr]) > e.Idx {
			low = max(low, g.posOf(e))
		}
	}
	return low
}

// pscMatters reports whether adding e can have closed a cycle of psc: e is
// SeqCst itself, or has a SeqCst fence before it.
func (g *Graph) pscMatters(id int32) bool {
	if len(g.sc) < 2 {
		return false
	}
	e := &g.Ev[id]
	if e.Order == SeqCst {
		return true
	}
	if g.fences == 0 || !e.Access() {
		return false
	}
	clock := g.Clock(id, HB)
	for _, s := range g.sc {
		if f := &g.Ev[s]; f.Kind == Fence && f.Seen(clock) {
			return true
		}
	}
	return false
}

// psc is the partial SC order of RC11 over the SeqCst events of a graph,
// looked at one edge at a time:
//
//	scb      = sb ∪ sb≠loc;hb;sb≠loc ∪ hb|loc ∪ mo ∪ rb
//	psc_base = ([Esc] ∪ [Fsc];hb?) ; scb ; ([Esc] ∪ hb?;[Fsc])
//	psc_F    = [Fsc] ; (hb ∪ hb;eco;hb) ; [Fsc]
type psc struct {
	color []uint8
}

// cyclic reports whether psc_base ∪ psc_F has a cycle.
func (p *psc) cyclic(g *Graph, id int32) bool {
	n := len(g.sc)
	if cap(p.color) < n {
		p.color = make([]uint8, 2*n)
	}
	p.color = p.color[:n]
	clear(p.color)
	if id >= 0 && g.fences == 0 {
		// Only edges from and to id are new.
		for i := n - 1; i >= 0; i-- {
			if g.sc[i] == id {
				return p.visit(g, i)
			}
		}
	}
	for i := range n {
		if p.color[i] == 0 && p.visit(g, i) {
			return true
		}
	}
	return false
}

const (
	pscOpen uint8 = iota + 1
	pscDone
)

func (p *psc) visit(g *Graph, i int) bool {
	p.color[i] = pscOpen
	for j := range p.color {
		if j == i || p.color[j] == pscDone || !g.pscEdge(g.sc[i], g.sc[j]) {
			continue
		}
		if p.color[j] == pscOpen || p.visit(g, j) {
			return true
		}
	}
	p.color[i] = pscDone
	return false
}

func (g *Graph) pscEdge(ai, bi int32) bool {
	a, b := &g.Ev[ai], &g.Ev[bi]
	if a.Thr == b.Thr {
		if a.Idx < b.Idx {
			return true
		}
	}
	switch {
	case a.Kind != Fence && b.Kind != Fence:
		return g.scb(a, b, bi)
	case a.Kind == Fence && b.Kind != Fence:
		return g.fenceToAccess(a, b, bi)
	case a.Kind != Fence:
		return g.accessToFence(a, bi)
	default:
		return a.Seen(g.Clock(bi, HB)) || g.fenceToFence(a, bi)
	}
}

// scb reports scb between two accesses of different threads, or mo and rb of one.
func (g *Graph) scb(a, b *Event, bi int32) bool {
	if a.Loc == b.Loc {
		if b.Kind == Write && g.posOf(a) < b.Pos {
			return true // mo or rb
		}
		if a.Seen(g.Clock(bi, HB)) && a.Thr != b.Thr {
			return true
		}
	}
	if a.Thr == b.Thr {
		return false
	}
	// sb≠loc;hb;sb≠loc: from the first event after a at another location to
	// the last one before b at another location.
	clock := g.otherBefore(b)
	return clock != nil && int32(clock[a.Thr]) > g.otherAfter(a)
}

// otherAfter is the index of the first event after a in its thread that is not
// at a's location. The end of a thread counts as one.
func (g *Graph) otherAfter(a *Event) int32 {
	log := g.Thr[a.Thr].Ev
	i := a.Idx + 1
	for int(i) < len(log) && g.Ev[log[i]].Loc == a.Loc {
		i++
	}
	return i
}

// otherBefore is the happens-before clock of the last event before b in its
// thread that is not at b's location. The start of a thread counts as one.
func (g *Graph) otherBefore(b *Event) []uint16 {
	log := g.Thr[b.Thr]
	for i := b.Idx - 1; i >= 0; i-- {
		if p := log.Ev[i]; g.Ev[p].Loc != b.Loc {
			return g.Clock(p, HB)
		}
	}
	if log.spawn >= 0 {
		return g.Clock(log.spawn, HB)
	}
	return nil
}

// fenceToAccess reports [Fsc];hb?;scb;[Esc].
func (g *Graph) fenceToAccess(f, b *Event, bi int32) bool {
	if p := g.prev(b); p >= 0 && f.Seen(g.Clock(p, HB)) {
		return true
	}
	clock := g.Clock(bi, HB)
	for _, y := range g.Loc[b.Loc].Acc {
		if y == bi || !f.Seen(g.Clock(y, HB)) {
			continue
		}
		ye := &g.Ev[y]
		pos := g.posOf(ye)
		if pos >= 0 && (ye.Seen(clock) || b.Kind == Write && pos < b.Pos) {
			return true
		}
	}
	return false
}

// accessToFence reports [Esc];scb;hb?;[Fsc] between different threads.
func (g *Graph) accessToFence(a *Event, fi int32) bool {
	clock := g.Clock(fi, HB)
	if int32(clock[a.Thr]) > a.Idx+1 {
		return true
	}
	pos := g.posOf(a)
	for _, x := range g.Loc[a.Loc].Acc {
		xe := &g.Ev[x]
		if !xe.Seen(clock) || xe == a {
			continue
		}
		if xe.Kind == Write && pos < xe.Pos || a.Seen(g.Clock(x, HB)) {
			return true
		}
	}
	return false
}

// fenceToFence reports [Fsc];hb;eco;hb;[Fsc]; mo and rb alone, which psc_base
// has there, are parts of eco.
func (g *Graph) fenceToFence(f *Event, bi int32) bool {
	clock := g.Clock(bi, HB)
	const none = int32(1) << 30
	for i := range g.Loc {
		fromWrite, fromRead := none, none // least place seen after f
		toWrite, toRead := int32(-1), int32(-1)
		for _, y := range g.Loc[i].Acc {
			e := &g.Ev[y]
			pos := g.posOf(e)
			if pos < 0 {
				continue
			}
			if f.Seen(g.Clock(y, HB)) {
				if e.Kind == Write {
					fromWrite = min(fromWrite, pos)
				} else {
					fromRead = min(fromRead, pos)
				}
			}
			if e.Seen(clock) {
				if e.Kind == Write {
					toWrite = max(toWrite, pos)
				} else {
					toRead = max(toRead, pos)
				}
			}
		}
		if fromWrite < toWrite || fromWrite <= toRead || fromRead < toWrite || fromRead < toRead {
			return true
		}
	}
	return false
}

// anyCycle reports whether psc has a cycle anywhere.
func (p *psc) anyCycle(g *Graph) bool { return p.cyclic(g, -1) }
