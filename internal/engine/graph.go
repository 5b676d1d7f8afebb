package engine

import "slices"

// A graph is an execution graph: the events, who read from whom, and the
// coherence order of each location. Events are only added at, and removed
// from, the end; what TruSt restricts otherwise is built anew (see revisit.go).
type graph struct {
	ev  []event
	thr []*threadLog // they stay where they are
	loc []location

	// clk holds three vector clocks for each event, of stride entries each:
	// happens-before, program order with reads-from (porf), and, for writes,
	// what an acquiring reader learns. Entry t counts the events of thread t
	// that come before or are the event itself.
	clk    []uint16
	stride int

	sc     []int32 // SeqCst accesses and fences, by number
	fences int     // how many of them are fences
	plain  int     // non-atomic accesses
	free   []int32 // locations that no event touches
}

type threadLog struct {
	ev    []int32 // its events in program order
	cur   int32   // how many of them have run in this run
	spawn int32   // the event that created it; -1: there from the start
	used  bool
}

type location struct {
	acc  []int32 // its accesses, in order of addition
	co   []int32 // its writes in coherence order; co[0] is the initial value and no event
	init uint64
	name string
	ends bool // it stands for the end of a thread that is used
}

func (g *graph) reset() {
	g.ev = g.ev[:0]
	g.clk = g.clk[:0]
	g.sc = g.sc[:0]
	g.free = g.free[:0]
	g.fences, g.plain = 0, 0
	for i := range g.thr {
		t := g.thr[i]
		t.ev, t.spawn, t.used = t.ev[:0], -1, false
	}
	g.thr = g.thr[:0]
	for i := range g.loc {
		l := &g.loc[i]
		l.acc, l.co = l.acc[:0], l.co[:0]
	}
	g.loc = g.loc[:0]
}

// grow makes room for thread t in the clocks.
func (g *graph) grow(t int) {
	if t < g.stride {
		return
	}
	stride := max(lanes, g.stride*2)
	for stride <= t {
		stride *= 2
	}
	old, was := g.clk, g.stride
	g.clk = make([]uint16, len(g.ev)*clocks*stride, 64*clocks*stride+len(g.ev)*clocks*stride)
	for i := range len(g.ev) * clocks {
		copy(g.clk[i*stride:], old[i*was:(i+1)*was])
	}
	g.stride = stride
}

// listFree finds the locations that no event touches.
func (g *graph) listFree() {
	g.free = g.free[:0]
	for i := range g.loc {
		if l := &g.loc[i]; len(l.acc) == 0 && !l.ends {
			g.free = append(g.free, int32(i))
		}
	}
}

// addThread puts thread t into use. The event that created it, if any, tells
// the location of its end.
func (g *graph) addThread(t int, spawn int32) {
	if spawn >= 0 {
		g.loc[g.ev[spawn].pos].ends = true
	}
	g.grow(t)
	for len(g.thr) <= t {
		g.thr = slices.Grow(g.thr, 1)[:len(g.thr)+1]
		last := &g.thr[len(g.thr)-1]
		if *last == nil {
			*last = new(threadLog)
		}
		(*last).ev, (*last).used = (*last).ev[:0], false
	}
	log := g.thr[t]
	log.spawn, log.used, log.cur = spawn, true, 0
}

// freeThread is the least number that no thread has.
func (g *graph) freeThread() int {
	for i := range g.thr {
		if !g.thr[i].used {
			return i
		}
	}
	return len(g.thr)
}

// addLocation returns the number of a new location.
func (g *graph) addLocation() int32 {
	if n := len(g.free); n > 0 {
		l := g.free[n-1]
		g.free = g.free[:n-1]
		return l
	}
	return g.extendLocations()
}

func (g *graph) extendLocations() int32 {
	if len(g.loc) < cap(g.loc) {
		g.loc = g.loc[:len(g.loc)+1]
	} else {
		g.loc = append(g.loc, location{})
	}
	l := &g.loc[len(g.loc)-1]
	l.acc, l.co, l.ends = l.acc[:0], append(l.co[:0], initial), false
	return int32(len(g.loc) - 1)
}

// before is the event before the next one of thread t: its last one, else the
// one that created it, else -1.
func (g *graph) before(t int32) int32 {
	log := g.thr[t]
	if n := len(log.ev); n > 0 {
		return log.ev[n-1]
	}
	return log.spawn
}

// prev is the event before e in its thread, else the one that created the thread.
func (g *graph) prev(e *event) int32 {
	log := g.thr[e.thr]
	if e.idx > 0 {
		return log.ev[e.idx-1]
	}
	return log.spawn
}

// add appends e to thread e.thr and computes its clocks. A write has its place
// in e.pos already.
func (g *graph) add(e event) int32 {
	id := int32(len(g.ev))
	log := g.thr[e.thr]
	e.idx = int32(len(log.ev))
	e.fence = -1
	if e.idx > 0 {
		e.fence = g.ev[log.ev[e.idx-1]].fence
	}
	if e.kind == kFence && e.order.releases() {
		e.fence = e.idx
	}
	log.ev = append(log.ev, id)
	g.ev = append(g.ev, e)
	if n := len(g.clk) + clocks*g.stride; n <= cap(g.clk) {
		g.clk = g.clk[:n]
	} else {
		g.clk = slices.Grow(g.clk, clocks*g.stride)[:n]
	}
	if e.kind <= kWrite {
		l := &g.loc[e.loc]
		l.acc = append(l.acc, id)
		if e.kind == kWrite {
			g.insert(id)
		}
		if e.order == NonAtomic {
			g.plain++
		}
	}
	if e.order == SeqCst {
		g.sc = append(g.sc, id)
		if e.kind == kFence {
			g.fences++
		}
	}
	g.computeClocks(id)
	return id
}

// insert puts the write into the coherence order at its place.
func (g *graph) insert(id int32) {
	e := &g.ev[id]
	l := &g.loc[e.loc]
	l.co = append(l.co, id)
	for p := len(l.co) - 1; p > int(e.pos); p-- {
		l.co[p] = l.co[p-1]
		g.ev[l.co[p]].pos = int32(p)
	}
	l.co[e.pos] = id
}

// remove takes the write out of the coherence order.
func (g *graph) remove(id int32) {
	e := &g.ev[id]
	l := &g.loc[e.loc]
	last := len(l.co) - 1
	for p := int(e.pos); p < last; p++ {
		l.co[p] = l.co[p+1]
		g.ev[l.co[p]].pos = int32(p)
	}
	l.co = l.co[:last]
}

// pop removes the event added last.
func (g *graph) pop() {
	id := int32(len(g.ev) - 1)
	e := &g.ev[id]
	if e.kind <= kWrite {
		if e.kind == kWrite {
			g.remove(id)
		}
		l := &g.loc[e.loc]
		l.acc = l.acc[:len(l.acc)-1]
		if e.order == NonAtomic {
			g.plain--
		}
	} else if e.kind == kSpawn {
		g.thr[e.aux].used = false
		g.loc[e.pos].ends = false
	}
	if e.order == SeqCst {
		g.sc = g.sc[:len(g.sc)-1]
		if e.kind == kFence {
			g.fences--
		}
	}
	log := g.thr[e.thr]
	log.ev = log.ev[:len(log.ev)-1]
	g.ev = g.ev[:id]
	g.clk = g.clk[:int(id)*clocks*g.stride]
}

// cut removes every event from number n on.
func (g *graph) cut(n int32) {
	for int32(len(g.ev)) > n {
		g.pop()
	}
}

// readPos is the place in coherence order of what the read e reads.
func (g *graph) readPos(e *event) int32 {
	if e.rf < 0 {
		return 0
	}
	return g.ev[e.rf].pos
}

// posOf is the place in coherence order that the access e has seen at its
// location, -1 for a read whose write is being placed.
func (g *graph) posOf(e *event) int32 {
	if e.kind == kWrite {
		return e.pos
	}
	if e.rf == unset {
		return -1
	}
	return g.readPos(e)
}

// valueAt is the value of location l at place p of its coherence order.
func (g *graph) valueAt(l *location, p int32) uint64 {
	if p == 0 {
		return l.init
	}
	return g.ev[l.co[p]].val
}
