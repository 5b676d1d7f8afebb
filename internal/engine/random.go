package engine

import "github.com/fearless-go/fearless/internal/engine/graph"

// random.go is for programs that are too large to exhaust: walks of which each
// takes alternatives and threads at random. A walk revisits nothing, so what a
// load may read depends on which thread came first.

func (x *explorer) addReadAtRandom(e graph.Event, low, last int32) int32 {
	if x.steered != nil {
		x.settle(&e, last, 0)
		return x.g.Add(e)
	}
	for {
		p := low + x.random.Int32N(last-low+1)
		if p != last && x.waitsOn(&e, x.g.ValueAt(&x.g.Loc[e.Loc], p)) {
			continue // the thread would wait for ever: a walk revisits nothing
		}
		x.settle(&e, p, 0)
		if e.Has(graph.Done) && int(p) < int(last) && x.g.Ev[x.g.Loc[e.Loc].CO[p+1]].Has(graph.Update) {
			continue // another update has read that already
		}
		if e.Has(graph.Done) && e.Has(graph.Weak) && x.random.IntN(4) == 0 {
			x.settle(&e, p, 1)
		}
		id := x.g.Add(e)
		if p == last || x.consistent(id) {
			return id
		}
		x.g.Pop()
	}
}

func (x *explorer) addWriteAtRandom(e graph.Event, low int32) int32 {
	l := &x.g.Loc[e.Loc]
	last := int32(len(l.CO))
	if x.steered != nil {
		return x.g.Add(e) // its place is the last one
	}
	for {
		// Most stores come last: in between is for weak memory.
		e.Pos = last
		if last > low+1 && x.random.IntN(3) == 0 {
			e.Pos = low + 1 + x.random.Int32N(last-low)
		}
		if e.Pos < last && x.g.Ev[l.CO[e.Pos]].Has(graph.Update) {
			continue
		}
		id := x.g.Add(e)
		if e.Pos == last || x.consistent(id) {
			return id
		}
		x.g.Pop()
	}
}

// pickAtRandom is a thread that can run.
func (e *Engine) pickAtRandom() *Thread {
	var chosen *Thread
	n := 0
	for _, t := range e.threads {
		if e.canGoOn(t) {
			if n++; e.x.random.IntN(n) == 0 {
				chosen = t
			}
		}
	}
	return chosen
}
