package graph

// clocks.go is the vector clocks of events: what comes before an event in each relation.

// The clocks of an event.
const (
	HB     = iota // what happens before it
	PORF          // what is before it in program order with reads-from
	Rel           // of a write: what an acquiring reader learns
	clocks        // how many there are
)

// Clock is one of the clocks of an event. Entry t counts the events of thread t in it.
func (g *Graph) Clock(e int32, which int) []uint16 {
	at := (int(e)*clocks + which) * g.stride
	return g.clk[at : at+g.stride : at+g.stride]
}

// clocksOf is the clocks of an event, one after the other.
func (g *Graph) clocksOf(e int32) []uint16 {
	at := int(e) * clocks * g.stride
	return g.clk[at : at+clocks*g.stride : at+clocks*g.stride]
}

// Seen reports whether clock covers e.
func (e *Event) Seen(clock []uint16) bool { return int32(clock[e.Thr]) > e.Idx }

// HB reports whether a happens before b.
func (g *Graph) HB(a, b int32) bool {
	return a != b && g.Ev[a].Seen(g.Clock(b, HB))
}

// ComputeClocks sets the clocks of event id from those before it.
func (g *Graph) ComputeClocks(id int32) {
	e := &g.Ev[id]
	hb, porf := g.Clock(id, HB), g.Clock(id, PORF)
	if p := g.prev(e); p >= 0 {
		from := g.clocksOf(p)
		for i, into := 0, g.clocksOf(id); i < 2*g.stride; i += lanes {
			*(*[lanes]uint16)(into[i:]) = *(*[lanes]uint16)(from[i:])
		}
	} else {
		clear(hb)
		clear(porf)
	}
	if twin := g.twinOp(e.Thr, e.Idx); twin >= 0 {
		join(porf, g.Clock(twin, PORF))
	}
	switch e.Kind {
	case Read:
		if e.RF >= 0 {
			if !g.Ev[e.RF].Seen(porf) {
				join(porf, g.Clock(e.RF, PORF))
			}
			if e.Order.Acquires() {
				join(hb, g.Clock(e.RF, Rel))
			}
		}
	case Fence:
		if e.Order.Acquires() {
			g.acquirePending(e, hb)
		}
	case Join:
		child := g.Thr[e.Aux]
		if last := g.Before(e.Aux); last >= 0 {
			join(hb, g.Clock(last, HB))
			join(porf, g.Clock(last, PORF))
		}
		hb[e.Aux] = uint16(len(child.Ev) + 1)
		porf[e.Aux] = uint16(len(child.Ev) + 1)
	}
	hb[e.Thr] = uint16(e.Idx + 1)
	porf[e.Thr] = uint16(e.Idx + 1)
	if e.Kind == Write {
		g.releaseClock(e, id, hb)
	}
}

// acquirePending joins into hb what the reads before the acquire fence e have
// synchronized with: ([W⊒rel] ∪ [F⊒rel];sb);rs;rf;[R];sb;[F⊒acq].
func (g *Graph) acquirePending(e *Event, hb []uint16) {
	log := g.Thr[e.Thr].Ev
	for i := e.Idx - 1; i >= 0; i-- {
		p := &g.Ev[log[i]]
		switch {
		case p.Kind == Fence && p.Order.Acquires():
			return
		case p.Kind == Read && p.RF >= 0 && p.Order != NonAtomic:
			join(hb, g.Clock(p.RF, Rel))
		}
	}
}

// releaseClock sets what an acquiring reader of the write e learns. An update
// carries on the release sequence of the write that it reads from; a plain
// store does not (C++20).
func (g *Graph) releaseClock(e *Event, id int32, hb []uint16) {
	rel := g.Clock(id, Rel)
	switch {
	case e.Order == NonAtomic:
		clear(rel)
	case e.Order.Releases():
		copy(rel, hb)
	case e.fence >= 0:
		copy(rel, g.Clock(g.Thr[e.Thr].Ev[e.fence], HB))
	default:
		clear(rel)
	}
	if e.Has(Update) {
		if read := &g.Ev[g.Thr[e.Thr].Ev[e.Idx-1]]; read.RF >= 0 {
			join(rel, g.Clock(read.RF, Rel))
		}
	}
}

// lanes is how many entries of a clock are handled at a time: the stride is a
// multiple of it.
const lanes = 8

func join(into, from []uint16) {
	for len(into) >= lanes && len(from) >= lanes {
		a, b := (*[lanes]uint16)(into), (*[lanes]uint16)(from)
		a[0], a[1], a[2], a[3] = max(a[0], b[0]), max(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
		a[4], a[5], a[6], a[7] = max(a[4], b[4]), max(a[5], b[5]), max(a[6], b[6]), max(a[7], b[7])
		into, from = into[lanes:], from[lanes:]
	}
}

// Reorder computes anew what follows from the orderings of the events, which were changed.
// The order linear is what Linear returned.
func (g *Graph) Reorder(linear []int32) {
	for _, id := range linear {
		e := &g.Ev[id]
		e.fence = -1
		if e.Idx > 0 {
			e.fence = g.Ev[g.Thr[e.Thr].Ev[e.Idx-1]].fence
		}
		if e.Kind == Fence && e.Order.Releases() {
			e.fence = e.Idx
		}
		g.ComputeClocks(id)
	}
	g.ListSC()
}

// ListSC finds the SeqCst events anew.
func (g *Graph) ListSC() {
	g.sc, g.fences = g.sc[:0], 0
	for id := range g.Ev {
		if e := &g.Ev[id]; e.Order == SeqCst {
			g.sc = append(g.sc, int32(id))
			if e.Kind == Fence {
				g.fences++
			}
		}
	}
}

// ClockNow is the happens-before clock of what thread t has done so far; nil if
// that is nothing, and nothing comes before it.
func (g *Graph) ClockNow(t int32) []uint16 {
	log := g.Thr[t]
	if n := log.Cur; n > 0 {
		return g.Clock(log.Ev[n-1], HB)
	}
	if log.spawn >= 0 {
		return g.Clock(log.spawn, HB)
	}
	if len(g.zero) < g.stride {
		g.zero = make([]uint16, g.stride)
	}
	return g.zero[:g.stride]
}
