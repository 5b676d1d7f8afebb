package graph

import (
	"fmt"
	"slices"
)

// A Graph is an execution graph: the events, who read from whom, and the
// coherence order of each location. Events are only added at, and removed
// from, the end; what TruSt restricts otherwise is built anew (see Restrict).
type Graph struct {
	Ev  []Event    // by number
	Thr []*Log     // by thread; they stay where they are
	Loc []Location // by location

	// clk holds three vector clocks for each event, of stride entries each:
	// happens-before, program order with reads-from (porf), and, for writes,
	// what an acquiring reader learns. Entry t counts the events of thread t
	// that come before or are the event itself.
	clk    []uint16
	stride int

	sc     []int32  // SeqCst accesses and fences, by number
	fences int      // how many of them are fences
	plain  int      // non-atomic accesses
	free   []int32  // locations that no event touches
	zero   []uint16 // a clock of nothing, that nobody writes to
}

// A Log is the events of one thread.
type Log struct {
	Ev    []int32 // its events in program order
	Cur   int32   // how many of them have run in this run
	spawn int32   // the event that created it; -1: there from the start
	Used  bool
}

// A Location is the accesses to one object, and the coherence order of its writes.
type Location struct {
	Acc  []int32 // its accesses, in order of addition
	CO   []int32 // its writes in coherence order; CO[0] is the initial value and no event
	Init uint64
	Name string
	Ends bool // it stands for the end of a thread that is used
}

// Reset empties the graph.
func (g *Graph) Reset() {
	g.Ev = g.Ev[:0]
	g.clk = g.clk[:0]
	g.sc = g.sc[:0]
	g.free = g.free[:0]
	g.fences, g.plain = 0, 0
	for i := range g.Thr {
		t := g.Thr[i]
		t.Ev, t.spawn, t.Used = t.Ev[:0], -1, false
	}
	g.Thr = g.Thr[:0]
	for i := range g.Loc {
		l := &g.Loc[i]
		l.Acc, l.CO = l.Acc[:0], l.CO[:0]
	}
	g.Loc = g.Loc[:0]
}

// Grow makes room for thread t in the clocks.
func (g *Graph) Grow(t int) {
	if t < g.stride {
		return
	}
	stride := max(lanes, g.stride*2)
	for stride <= t {
		stride *= 2
	}
	old, was := g.clk, g.stride
	g.clk = make([]uint16, len(g.Ev)*clocks*stride, 64*clocks*stride+len(g.Ev)*clocks*stride)
	for i := range len(g.Ev) * clocks {
		copy(g.clk[i*stride:], old[i*was:(i+1)*was])
	}
	g.stride = stride
}

// ListFree finds the locations that no event touches.
func (g *Graph) ListFree() {
	g.free = g.free[:0]
	for i := range g.Loc {
		if l := &g.Loc[i]; len(l.Acc) == 0 && !l.Ends {
			g.free = append(g.free, int32(i))
		}
	}
}

// AddThread puts thread t into use. The event that created it, if any, tells
// the location of its end.
func (g *Graph) AddThread(t int, spawn int32) {
	if spawn >= 0 {
		g.Loc[g.Ev[spawn].Pos].Ends = true
	}
	g.Grow(t)
	for len(g.Thr) <= t {
		g.Thr = slices.Grow(g.Thr, 1)[:len(g.Thr)+1]
		last := &g.Thr[len(g.Thr)-1]
		if *last == nil {
			*last = new(Log)
		}
		(*last).Ev, (*last).Used = (*last).Ev[:0], false
	}
	log := g.Thr[t]
	log.spawn, log.Used, log.Cur = spawn, true, 0
}

// FreeThread is the least number that no thread has.
func (g *Graph) FreeThread() int {
	for i := range g.Thr {
		if !g.Thr[i].Used {
			return i
		}
	}
	return len(g.Thr)
}

// AddLocation returns the number of a new location.
func (g *Graph) AddLocation() int32 {
	if n := len(g.free); n > 0 {
		l := g.free[n-1]
		g.free = g.free[:n-1]
		return l
	}
	return g.ExtendLocations()
}

func (g *Graph) ExtendLocations() int32 {
	if len(g.Loc) < cap(g.Loc) {
		g.Loc = g.Loc[:len(g.Loc)+1]
	} else {
		g.Loc = append(g.Loc, Location{})
	}
	l := &g.Loc[len(g.Loc)-1]
	l.Acc, l.CO, l.Ends = l.Acc[:0], append(l.CO[:0], Initial), false
	return int32(len(g.Loc) - 1)
}

// Before is the event before the next one of thread t: its last one, else the
// one that created it, else -1.
func (g *Graph) Before(t int32) int32 {
	log := g.Thr[t]
	if n := len(log.Ev); n > 0 {
		return log.Ev[n-1]
	}
	return log.spawn
}

// prev is the event before e in its thread, else the one that created the thread.
func (g *Graph) prev(e *Event) int32 {
	log := g.Thr[e.Thr]
	if e.Idx > 0 {
		return log.Ev[e.Idx-1]
	}
	return log.spawn
}

// Add appends e to thread e.thr and computes its clocks. A write has its place
// in e.pos already.
func (g *Graph) Add(e Event) int32 {
	id := int32(len(g.Ev))
	log := g.Thr[e.Thr]
	e.Idx = int32(len(log.Ev))
	e.fence = -1
	if e.Idx > 0 {
		e.fence = g.Ev[log.Ev[e.Idx-1]].fence
	}
	if e.Kind == Fence && e.Order.Releases() {
		e.fence = e.Idx
	}
	log.Ev = append(log.Ev, id)
	g.Ev = append(g.Ev, e)
	if n := len(g.clk) + clocks*g.stride; n <= cap(g.clk) {
		g.clk = g.clk[:n]
	} else {
		g.clk = slices.Grow(g.clk, clocks*g.stride)[:n]
	}
	if e.Kind <= Write {
		l := &g.Loc[e.Loc]
		l.Acc = append(l.Acc, id)
		if e.Kind == Write {
			g.insert(id)
		}
		if e.Order == NonAtomic {
			g.plain++
		}
	}
	if e.Order == SeqCst {
		g.sc = append(g.sc, id)
		if e.Kind == Fence {
			g.fences++
		}
	}
	g.ComputeClocks(id)
	return id
}

// insert puts the write into the coherence order at its place.
func (g *Graph) insert(id int32) {
	e := &g.Ev[id]
	l := &g.Loc[e.Loc]
	l.CO = append(l.CO, id)
	for p := len(l.CO) - 1; p > int(e.Pos); p-- {
		l.CO[p] = l.CO[p-1]
		g.Ev[l.CO[p]].Pos = int32(p)
	}
	l.CO[e.Pos] = id
}

// remove takes the write out of the coherence order.
func (g *Graph) remove(id int32) {
	e := &g.Ev[id]
	l := &g.Loc[e.Loc]
	last := len(l.CO) - 1
	for p := int(e.Pos); p < last; p++ {
		l.CO[p] = l.CO[p+1]
		g.Ev[l.CO[p]].Pos = int32(p)
	}
	l.CO = l.CO[:last]
}

// Pop removes the event added last.
func (g *Graph) Pop() {
	id := int32(len(g.Ev) - 1)
	e := &g.Ev[id]
	if e.Kind <= Write {
		if e.Kind == Write {
			g.remove(id)
		}
		l := &g.Loc[e.Loc]
		l.Acc = l.Acc[:len(l.Acc)-1]
		if e.Order == NonAtomic {
			g.plain--
		}
	} else if e.Kind == Spawn {
		g.Thr[e.Aux].Used = false
		g.Loc[e.Pos].Ends = false
	}
	if e.Order == SeqCst {
		g.sc = g.sc[:len(g.sc)-1]
		if e.Kind == Fence {
			g.fences--
		}
	}
	log := g.Thr[e.Thr]
	log.Ev = log.Ev[:len(log.Ev)-1]
	g.Ev = g.Ev[:id]
	g.clk = g.clk[:int(id)*clocks*g.stride]
}

// Cut removes every event from number n on.
func (g *Graph) Cut(n int32) {
	for int32(len(g.Ev)) > n {
		g.Pop()
	}
}

// ReadPos is the place in coherence order of what the read e reads.
func (g *Graph) ReadPos(e *Event) int32 {
	if e.RF < 0 {
		return 0
	}
	return g.Ev[e.RF].Pos
}

// posOf is the place in coherence order that the access e has seen at its
// location, -1 for a read whose write is being placed.
func (g *Graph) posOf(e *Event) int32 {
	if e.Kind == Write {
		return e.Pos
	}
	if e.RF == Unset {
		return -1
	}
	return g.ReadPos(e)
}

// ValueAt is the value of location l at place p of its coherence order.
func (g *Graph) ValueAt(l *Location, p int32) uint64 {
	if p == 0 {
		return l.Init
	}
	return g.Ev[l.CO[p]].Val
}

// Clone is a copy that shares nothing with g.
func (g *Graph) Clone() *Graph {
	c := *g
	c.Ev = slices.Clone(g.Ev)
	c.clk = slices.Clone(g.clk)
	c.sc = slices.Clone(g.sc)
	c.free = slices.Clone(g.free)
	c.Thr = make([]*Log, len(g.Thr))
	for i, log := range g.Thr {
		c.Thr[i] = &Log{Ev: slices.Clone(log.Ev), spawn: log.spawn, Used: log.Used}
	}
	c.Loc = slices.Clone(g.Loc)
	for i := range c.Loc {
		c.Loc[i].Acc = slices.Clone(c.Loc[i].Acc)
		c.Loc[i].CO = slices.Clone(c.Loc[i].CO)
	}
	return &c
}

// Name is what location l is called in messages; -1 is none.
func (g *Graph) Name(l int32) string {
	if l < 0 {
		return "the end of its context"
	}
	if n := g.Loc[l].Name; n != "" {
		return n
	}
	return fmt.Sprintf("object %d", l)
}
