package engine

// clocks.go is the vector clocks of events: what comes before an event in each relation.

const (
	hbClock = iota
	porfClock
	relClock
	clocks
)

func (g *graph) clock(e int32, which int) []uint16 {
	at := (int(e)*clocks + which) * g.stride
	return g.clk[at : at+g.stride : at+g.stride]
}

// clocksOf is the clocks of an event, one after the other.
func (g *graph) clocksOf(e int32) []uint16 {
	at := int(e) * clocks * g.stride
	return g.clk[at : at+clocks*g.stride : at+clocks*g.stride]
}

// seen reports whether clock covers e.
func (e *event) seen(clock []uint16) bool { return int32(clock[e.thr]) > e.idx }

// hb reports whether a happens before b.
func (g *graph) hb(a, b int32) bool {
	return a != b && g.ev[a].seen(g.clock(b, hbClock))
}

// computeClocks sets the clocks of event id from those before it.
func (g *graph) computeClocks(id int32) {
	e := &g.ev[id]
	hb, porf := g.clock(id, hbClock), g.clock(id, porfClock)
	if p := g.prev(e); p >= 0 {
		from := g.clocksOf(p)
		for i, into := 0, g.clocksOf(id); i < 2*g.stride; i += lanes {
			*(*[lanes]uint16)(into[i:]) = *(*[lanes]uint16)(from[i:])
		}
	} else {
		clear(hb)
		clear(porf)
	}
	if twin := g.twinOp(e.thr, e.idx); twin >= 0 {
		join(porf, g.clock(twin, porfClock))
	}
	switch e.kind {
	case kRead:
		if e.rf >= 0 {
			if !g.ev[e.rf].seen(porf) {
				join(porf, g.clock(e.rf, porfClock))
			}
			if e.order.acquires() {
				join(hb, g.clock(e.rf, relClock))
			}
		}
	case kFence:
		if e.order.acquires() {
			g.acquirePending(e, hb)
		}
	case kJoin:
		child := g.thr[e.aux]
		if last := g.before(e.aux); last >= 0 {
			join(hb, g.clock(last, hbClock))
			join(porf, g.clock(last, porfClock))
		}
		hb[e.aux] = uint16(len(child.ev) + 1)
		porf[e.aux] = uint16(len(child.ev) + 1)
	}
	hb[e.thr] = uint16(e.idx + 1)
	porf[e.thr] = uint16(e.idx + 1)
	if e.kind == kWrite {
		g.releaseClock(e, id, hb)
	}
}

// acquirePending joins into hb what the reads before the acquire fence e have
// synchronized with: ([W⊒rel] ∪ [F⊒rel];sb);rs;rf;[R];sb;[F⊒acq].
func (g *graph) acquirePending(e *event, hb []uint16) {
	log := g.thr[e.thr].ev
	for i := e.idx - 1; i >= 0; i-- {
		p := &g.ev[log[i]]
		switch {
		case p.kind == kFence && p.order.acquires():
			return
		case p.kind == kRead && p.rf >= 0 && p.order != NonAtomic:
			join(hb, g.clock(p.rf, relClock))
		}
	}
}

// releaseClock sets what an acquiring reader of the write e learns. An update
// carries on the release sequence of the write that it reads from; a plain
// store does not (C++20).
func (g *graph) releaseClock(e *event, id int32, hb []uint16) {
	rel := g.clock(id, relClock)
	switch {
	case e.order == NonAtomic:
		clear(rel)
	case e.order.releases():
		copy(rel, hb)
	case e.fence >= 0:
		copy(rel, g.clock(g.thr[e.thr].ev[e.fence], hbClock))
	default:
		clear(rel)
	}
	if e.has(fUpdate) {
		if read := &g.ev[g.thr[e.thr].ev[e.idx-1]]; read.rf >= 0 {
			join(rel, g.clock(read.rf, relClock))
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
