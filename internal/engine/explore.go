package engine

import (
	"math/rand/v2"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// An explorer walks the tree of execution graphs of one program as TruSt does
// (Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal
// Dynamic Partial Order Reduction", POPL 2022): every read tries all writes
// that it may read from, every write all its places in coherence order, and a
// write revisits the reads before it that could have read from it. Each
// consistent execution is met exactly once.
//
// The walk is depth first. Alternatives that share the current graph up to
// some event are items of the frame's work; a revisit that leaves events out
// gets a frame of its own. Memory is polynomial in the size of one execution.
type explorer struct {
	g         *graph.Graph
	check     graph.Checker
	frames    []*frame
	depth     int
	renum     graph.Renumbering
	pushed    int32 // items pushed since the run began
	maxEvents int   // 0: no bound

	wake    []int32 // for each thread, the event that it waits for
	played  bool    // every event that the run began with has been executed
	dead    bool    // the graph of this run became inconsistent
	failure *Failure
	full    bool       // there was no room for one more event
	bad     hashes     // see await.go
	here    rank       // of the run under way
	pool    *pool      // nil: this engine explores alone
	share   float64    // of the walk that the run under way stands for, see share.go
	over    float64    // shares of what is done
	random  *rand.Rand // not nil: one walk at random after the other
	rng     *rand.Rand // what random is when no walk estimates, see estimate.go
	source  *rand.PCG  // of rng
	stepped bool       // the next run is prepared already
	steered *steering  // not nil, with random: what decides instead of chance
}

type frame struct {
	g    graph.Graph
	work []item
}

// An item is an alternative that waits for its turn.
type item struct {
	kind    itemKind
	variant uint8
	stamp   int32 // the event that it replaces or, for a revisit, the write that revisits
	at      int32 // place in coherence order, value of a choice, or the read to revisit
	reader  int32 // write: a revisited read that must go on reading from it, or -1
	up      int32 // length of the rank of the run that found it
	n       int32 // how many that run had found before
	share   float64
}

type itemKind uint8

const (
	altRead itemKind = iota
	altWrite
	altChoice
	revisit
	altNothing // the graph as it is
)

func newExplorer(memory Memory) *explorer {
	x := &explorer{check: graph.Checker{Memory: memory}, frames: []*frame{{}}}
	x.g = &x.frames[0].g
	return x
}

func (x *explorer) push(it item) {
	if x.random != nil {
		return
	}
	it.up, it.n = int32(len(x.here)), x.pushed
	x.pushed++
	f := x.frames[x.depth]
	f.work = append(f.work, it)
}

// next prepares the graph of the next run. It reports false when the walk is over.
func (x *explorer) next() bool {
	if x.stepped {
		x.stepped = false
		return true
	}
	for x.depth >= 0 {
		x.spread()
		f := x.frames[x.depth]
		n := len(f.work)
		if n == 0 {
			x.depth--
			continue
		}
		it := f.work[n-1]
		f.work = f.work[:n-1]
		x.g = &f.g
		x.pushed, x.share = 0, it.share
		x.goTo(it)
		if x.pool != nil && x.pool.pointless(x.here) {
			continue
		}
		if x.apply(it) {
			return true
		}
	}
	return false
}

// apply turns the graph into the alternative it. It reports false when that
// is inconsistent, or good only for the revisits that it pushed.
func (x *explorer) apply(it item) bool {
	g := x.g
	switch it.kind {
	case altNothing:
		return true
	case revisit:
		g.Cut(it.stamp + 1)
		return x.applyRevisit(it)
	}
	e := g.Ev[it.stamp]
	g.Cut(it.stamp)
	switch it.kind {
	case altChoice:
		e.Choice, e.Val, e.Hist = it.variant, uint64(it.at), 0
		g.Add(e)
	case altRead:
		x.settle(&e, it.at, it.variant)
		id := g.Add(e)
		if !x.consistent(id) {
			return false
		}
		return x.completePending(e.Thr)
	case altWrite:
		e.Pos = it.at
		id := g.Add(e)
		if it.reader >= 0 {
			return x.check.Fits(g, it.reader, id) && x.completePending(g.Ev[it.reader].Thr)
		} else if !x.consistent(id) {
			return false
		}
	}
	return true
}

// lower is where the coherence order of loc starts for the next event of t.
func (x *explorer) lower(loc, t int32) int32 { return x.check.Lowest(x.g, loc, x.g.Before(t)) }

// consistent reports whether the graph still is, now that id was added last
// at a place that coherence allows. A steered run is an interleaving, so it is.
func (x *explorer) consistent(id int32) bool {
	return x.steered != nil || x.check.Consistent(x.g, id)
}

// settle makes the read e read place p of its coherence order (-1: nothing).
func (x *explorer) settle(e *graph.Event, p int32, variant uint8) {
	l := &x.g.Loc[e.Loc]
	e.Choice, e.Hist = variant, 0
	e.RF, e.Val = l.CO[p], x.g.ValueAt(l, p)
	x.settleValue(e)
}

// settleValue decides what the read e does with its value.
func (x *explorer) settleValue(e *graph.Event) {
	if !e.Has(graph.Update) {
		return
	}
	e.Flags &^= graph.Done
	e.Order = e.Fail
	if e.TakesEffect(e.Val) && (e.Key == 0 || !x.waitsOn(e, e.Val)) {
		e.Flags |= graph.Done
		e.Order = e.Succ
	}
}

// addRead adds the read e, reading from the latest write, and pushes what else
// it may read from.
func (x *explorer) addRead(e graph.Event) int32 {
	g := x.g
	l := &g.Loc[e.Loc]
	stamp := int32(len(g.Ev))
	low := x.lower(e.Loc, e.Thr)
	last := int32(len(l.CO)) - 1
	for p := low; p <= last; p++ {
		v := g.ValueAt(l, p)
		if p != last && x.waitsOn(&e, v) {
			// The thread would wait on an old value. No write can revisit
			// such a read, for it is not maximal, so nothing completes that.
			continue
		}
		if e.Has(graph.Weak) && v == e.Exp {
			x.push(item{kind: altRead, stamp: stamp, at: p, variant: 1})
		}
		if p != last {
			x.push(item{kind: altRead, stamp: stamp, at: p})
		}
	}
	if x.random != nil {
		return x.addReadAtRandom(e, low, last)
	}
	x.settle(&e, last, 0)
	return g.Add(e)
}

// waitsOn reports whether the read e is known to leave its thread waiting when
// its value is v.
func (x *explorer) waitsOn(e *graph.Event, v uint64) bool {
	if e.Has(graph.Await) {
		return !e.Holds(v)
	}
	return e.Kind == graph.Read && e.Key != 0 && x.bad.has(badValue(e.Key, v))
}

// addWrite adds the write e at the end of coherence order and pushes its other
// places and the reads that it revisits.
func (x *explorer) addWrite(e graph.Event) int32 {
	g := x.g
	l := &g.Loc[e.Loc]
	stamp := int32(len(g.Ev))
	low := x.lower(e.Loc, e.Thr)
	e.Pos = int32(len(l.CO))
	for p := low + 1; p < e.Pos; p++ {
		if !g.Ev[l.CO[p]].Has(graph.Update) { // nothing comes between an update and what it read
			x.push(item{kind: altWrite, stamp: stamp, at: p, reader: -1})
		}
	}
	if x.random != nil {
		return x.addWriteAtRandom(e, low)
	}
	id := g.Add(e)
	x.pushRevisits(id)
	return id
}

// addUpdate adds the write part of the update whose read part is the last
// event of thread t. It reports false when the graph is inconsistent with it:
// then only the revisits that it pushed matter.
func (x *explorer) addUpdate(t int32) bool {
	g := x.g
	log := g.Thr[t].Ev
	r := &g.Ev[log[len(log)-1]]
	l := &g.Loc[r.Loc]
	e := graph.Event{
		Kind: graph.Write, Thr: t, Loc: r.Loc, Order: r.Order, Val: r.Apply(r.Val), Pos: g.ReadPos(r) + 1,
		Flags: graph.Update | r.Flags&graph.Pointer,
	}
	free := int(e.Pos) >= len(l.CO) || !g.Ev[l.CO[e.Pos]].Has(graph.Update)
	id := g.Add(e)
	x.pushRevisits(id)
	if !free || !x.consistent(id) {
		return false
	}
	return true
}

// completePending adds the write part that a change of thread t's last read
// has left open.
func (x *explorer) completePending(t int32) bool {
	log := x.g.Thr[t].Ev
	e := &x.g.Ev[log[len(log)-1]]
	return !e.Has(graph.Done) || x.addUpdate(t)
}
