package engine

// random.go is for programs that are too large to exhaust: walks of which each
// takes alternatives and threads at random. A walk revisits nothing, so what a
// load may read depends on which thread came first.

func (x *explorer) addReadAtRandom(e event, low, last int32) int32 {
	if x.steered != nil {
		x.settle(&e, last, 0)
		return x.g.add(e)
	}
	for {
		p := low + x.random.Int32N(last-low+1)
		if p != last && x.waitsOn(&e, x.g.valueAt(&x.g.loc[e.loc], p)) {
			continue // the thread would wait for ever: a walk revisits nothing
		}
		x.settle(&e, p, 0)
		if e.has(fDone) && int(p) < int(last) && x.g.ev[x.g.loc[e.loc].co[p+1]].has(fUpdate) {
			continue // another update has read that already
		}
		if e.has(fDone) && e.has(fWeak) && x.random.IntN(4) == 0 {
			x.settle(&e, p, 1)
		}
		id := x.g.add(e)
		if p == last || x.consistent(id) {
			return id
		}
		x.g.pop()
	}
}

func (x *explorer) addWriteAtRandom(e event, low int32) int32 {
	l := &x.g.loc[e.loc]
	last := int32(len(l.co))
	if x.steered != nil {
		return x.g.add(e) // its place is the last one
	}
	for {
		// Most stores come last: in between is for weak memory.
		e.pos = last
		if last > low+1 && x.random.IntN(3) == 0 {
			e.pos = low + 1 + x.random.Int32N(last-low)
		}
		if e.pos < last && x.g.ev[l.co[e.pos]].has(fUpdate) {
			continue
		}
		id := x.g.add(e)
		if e.pos == last || x.consistent(id) {
			return id
		}
		x.g.pop()
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
