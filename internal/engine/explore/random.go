package explore

import "github.com/fearless-go/fearless/internal/engine/graph"

// random.go is for programs that are too large to exhaust: walks of which each
// takes alternatives and threads at random. A walk revisits nothing, so what a
// load may read depends on which thread came first.

func (x *Explorer) addReadAtRandom(e graph.Event, low, last int32) int32 {
	if x.Steer != nil {
		x.settle(&e, last, 0)
		return x.G.Add(e)
	}
	for {
		p := low + x.Random.Int32N(last-low+1)
		if p != last && x.WaitsOn(&e, x.G.ValueAt(&x.G.Loc[e.Loc], p)) {
			continue // the thread would wait for ever: a walk revisits nothing
		}
		x.settle(&e, p, 0)
		if e.Has(graph.Done) && int(p) < int(last) && x.G.Ev[x.G.Loc[e.Loc].CO[p+1]].Has(graph.Update) {
			continue // another update has read that already
		}
		if e.Has(graph.Done) && e.Has(graph.Weak) && x.Random.IntN(4) == 0 {
			x.settle(&e, p, 1)
		}
		id := x.G.Add(e)
		if p == last || x.consistent(id) {
			return id
		}
		x.G.Pop()
	}
}

func (x *Explorer) addWriteAtRandom(e graph.Event, low int32) int32 {
	l := &x.G.Loc[e.Loc]
	last := int32(len(l.CO))
	if x.Steer != nil {
		return x.G.Add(e) // its place is the last one
	}
	for {
		// Most stores come last: in between is for weak memory.
		e.Pos = last
		if last > low+1 && x.Random.IntN(3) == 0 {
			e.Pos = low + 1 + x.Random.Int32N(last-low)
		}
		if e.Pos < last && x.G.Ev[l.CO[e.Pos]].Has(graph.Update) {
			continue
		}
		id := x.G.Add(e)
		if e.Pos == last || x.consistent(id) {
			return id
		}
		x.G.Pop()
	}
}
