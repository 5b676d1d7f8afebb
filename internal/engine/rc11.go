package engine

// lower is the least place in the coherence order of loc that the next event
// of a thread may read from, where clock is the happens-before clock of what
// comes before it (nil: nothing does): reading an older value, or writing
// before it, would break coherence, hb;eco? irreflexive.
func (g *graph) lower(loc int32, clock []uint16) int32 {
	low := int32(0)
	if clock == nil {
		return low
	}
	for _, a := range g.loc[loc].acc {
		e := &g.ev[a]
		if int32(clock[e.thr]) > e.idx {
			low = max(low, g.posOf(e))
		}
	}
	return low
}

// pscMatters reports whether adding e can have closed a cycle of psc: e is
// SeqCst itself, or has a SeqCst fence before it.
func (g *graph) pscMatters(id int32) bool {
	if len(g.sc) < 2 {
		return false
	}
	e := &g.ev[id]
	if e.order == SeqCst {
		return true
	}
	if g.fences == 0 || !e.access() {
		return false
	}
	clock := g.clock(id, hbClock)
	for _, s := range g.sc {
		if f := &g.ev[s]; f.kind == kFence && f.seen(clock) {
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
func (p *psc) cyclic(g *graph, id int32) bool {
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

func (p *psc) visit(g *graph, i int) bool {
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

func (g *graph) pscEdge(ai, bi int32) bool {
	a, b := &g.ev[ai], &g.ev[bi]
	if a.thr == b.thr {
		if a.idx < b.idx {
			return true
		}
	}
	switch {
	case a.kind != kFence && b.kind != kFence:
		return g.scb(a, b, bi)
	case a.kind == kFence && b.kind != kFence:
		return g.fenceToAccess(a, b, bi)
	case a.kind != kFence:
		return g.accessToFence(a, bi)
	default:
		return a.seen(g.clock(bi, hbClock)) || g.fenceToFence(a, bi)
	}
}

// scb reports scb between two accesses of different threads, or mo and rb of one.
func (g *graph) scb(a, b *event, bi int32) bool {
	if a.loc == b.loc {
		if b.kind == kWrite && g.posOf(a) < b.pos {
			return true // mo or rb
		}
		if a.seen(g.clock(bi, hbClock)) && a.thr != b.thr {
			return true
		}
	}
	if a.thr == b.thr {
		return false
	}
	// sb≠loc;hb;sb≠loc: from the first event after a at another location to
	// the last one before b at another location.
	clock := g.otherBefore(b)
	return clock != nil && int32(clock[a.thr]) > g.otherAfter(a)
}

// otherAfter is the index of the first event after a in its thread that is not
// at a's location. The end of a thread counts as one.
func (g *graph) otherAfter(a *event) int32 {
	log := g.thr[a.thr].ev
	i := a.idx + 1
	for int(i) < len(log) && g.ev[log[i]].loc == a.loc {
		i++
	}
	return i
}

// otherBefore is the happens-before clock of the last event before b in its
// thread that is not at b's location. The start of a thread counts as one.
func (g *graph) otherBefore(b *event) []uint16 {
	log := g.thr[b.thr]
	for i := b.idx - 1; i >= 0; i-- {
		if p := log.ev[i]; g.ev[p].loc != b.loc {
			return g.clock(p, hbClock)
		}
	}
	if log.spawn >= 0 {
		return g.clock(log.spawn, hbClock)
	}
	return nil
}

// fenceToAccess reports [Fsc];hb?;scb;[Esc].
func (g *graph) fenceToAccess(f, b *event, bi int32) bool {
	if p := g.prev(b); p >= 0 && f.seen(g.clock(p, hbClock)) {
		return true
	}
	clock := g.clock(bi, hbClock)
	for _, y := range g.loc[b.loc].acc {
		if y == bi || !f.seen(g.clock(y, hbClock)) {
			continue
		}
		ye := &g.ev[y]
		pos := g.posOf(ye)
		if pos >= 0 && (ye.seen(clock) || b.kind == kWrite && pos < b.pos) {
			return true
		}
	}
	return false
}

// accessToFence reports [Esc];scb;hb?;[Fsc] between different threads.
func (g *graph) accessToFence(a *event, fi int32) bool {
	clock := g.clock(fi, hbClock)
	if int32(clock[a.thr]) > a.idx+1 {
		return true
	}
	pos := g.posOf(a)
	for _, x := range g.loc[a.loc].acc {
		xe := &g.ev[x]
		if !xe.seen(clock) || xe == a {
			continue
		}
		if xe.kind == kWrite && pos < xe.pos || a.seen(g.clock(x, hbClock)) {
			return true
		}
	}
	return false
}

// fenceToFence reports [Fsc];hb;eco;hb;[Fsc]; mo and rb alone, which psc_base
// has there, are parts of eco.
func (g *graph) fenceToFence(f *event, bi int32) bool {
	clock := g.clock(bi, hbClock)
	const none = int32(1) << 30
	for i := range g.loc {
		fromWrite, fromRead := none, none // least place seen after f
		toWrite, toRead := int32(-1), int32(-1)
		for _, y := range g.loc[i].acc {
			e := &g.ev[y]
			pos := g.posOf(e)
			if pos < 0 {
				continue
			}
			if f.seen(g.clock(y, hbClock)) {
				if e.kind == kWrite {
					fromWrite = min(fromWrite, pos)
				} else {
					fromRead = min(fromRead, pos)
				}
			}
			if e.seen(clock) {
				if e.kind == kWrite {
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
func (p *psc) anyCycle(g *graph) bool { return p.cyclic(g, -1) }
