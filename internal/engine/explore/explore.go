package explore

import (
	"math/rand/v2"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// An Explorer walks the tree of execution graphs of one program as TruSt does
// (Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal
// Dynamic Partial Order Reduction", POPL 2022): every read tries all writes
// that it may read from, every write all its places in coherence order, and a
// write revisits the reads before it that could have read from it. Each
// consistent execution is met exactly once.
//
// The walk is depth first. Alternatives that share the current graph up to
// some event are items of the frame's work; a revisit that leaves events out
// gets a frame of its own. Memory is polynomial in the size of one execution.
type Explorer struct {
	G         *graph.Graph  // of the run under way
	Check     graph.Checker // the memory model
	MaxEvents int           // in one execution; 0: no bound
	Here      Rank          // the place of the run in the walk
	Over      float64       // shares of what is done, see share.go; who reads it sets it back

	Dead    bool     // the run is no execution: its graph is inconsistent, or it is given up
	Full    bool     // there was no room for one more event
	Failure *Failure // the first one of the run
	Wake    []int32  // for each thread that cannot go on, the event that it waits for
	Waits   Hashes   // what leaves threads in busy loops, as the engine has found out: BadValue, and histories

	// Skip reports that nothing that follows from a place in the walk can matter. Nil:
	// all does.
	Skip func(at Rank) bool

	// Random, if not nil, makes each run a walk at random: it pushes no alternatives.
	Random *rand.Rand
	RNG    *rand.Rand // what Random is when no walk estimates, see pass.go
	Source *rand.PCG  // of RNG
	// Steer, if not nil, with Random, makes each run an interleaving: loads find what is
	// last, and it takes one of n alternatives of a choice.
	Steer func(n int) int

	frames  []*frame
	depth   int
	renum   graph.Renumbering
	pushed  int32   // items pushed since the run began
	share   float64 // of the walk that the run under way stands for, see share.go
	played  bool    // every event that the run began with has been executed
	stepped bool    // the next run is prepared already
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

// New returns an explorer with an empty graph.
func New(memory graph.Memory) *Explorer {
	x := &Explorer{Check: graph.Checker{Memory: memory}, frames: []*frame{{}}}
	x.G = &x.frames[0].g
	return x
}

func (x *Explorer) push(it item) {
	if x.Random != nil {
		return
	}
	it.up, it.n = int32(len(x.Here)), x.pushed
	x.pushed++
	f := x.frames[x.depth]
	f.work = append(f.work, it)
}

// Next prepares the graph of the next run. It reports false when the walk is over.
func (x *Explorer) Next() bool {
	if x.stepped {
		x.stepped = false
		return true
	}
	for x.depth >= 0 {
		x.Spread()
		f := x.frames[x.depth]
		n := len(f.work)
		if n == 0 {
			x.depth--
			continue
		}
		it := f.work[n-1]
		f.work = f.work[:n-1]
		x.G = &f.g
		x.pushed, x.share = 0, it.share
		x.goTo(it)
		if x.Skip != nil && x.Skip(x.Here) {
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
func (x *Explorer) apply(it item) bool {
	g := x.G
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
			return x.Check.Fits(g, it.reader, id) && x.completePending(g.Ev[it.reader].Thr)
		} else if !x.consistent(id) {
			return false
		}
	}
	return true
}

// lower is where the coherence order of loc starts for the next event of t.
func (x *Explorer) lower(loc, t int32) int32 { return x.Check.Lowest(x.G, loc, x.G.Before(t)) }

// consistent reports whether the graph still is, now that id was added last
// at a place that coherence allows. A steered run is an interleaving, so it is.
func (x *Explorer) consistent(id int32) bool {
	return x.Steer != nil || x.Check.Consistent(x.G, id)
}

// settle makes the read e read place p of its coherence order (-1: nothing).
func (x *Explorer) settle(e *graph.Event, p int32, variant uint8) {
	l := &x.G.Loc[e.Loc]
	e.Choice, e.Hist = variant, 0
	e.RF, e.Val = l.CO[p], x.G.ValueAt(l, p)
	x.settleValue(e)
}

// settleValue decides what the read e does with its value.
func (x *Explorer) settleValue(e *graph.Event) {
	if !e.Has(graph.Update) {
		return
	}
	e.Flags &^= graph.Done
	e.Order = e.Fail
	if e.TakesEffect(e.Val) && (e.Key == 0 || !x.WaitsOn(e, e.Val)) {
		e.Flags |= graph.Done
		e.Order = e.Succ
	}
}

// addRead adds the read e, reading from the latest write, and pushes what else
// it may read from.
func (x *Explorer) addRead(e graph.Event) int32 {
	g := x.G
	l := &g.Loc[e.Loc]
	stamp := int32(len(g.Ev))
	low := x.lower(e.Loc, e.Thr)
	last := int32(len(l.CO)) - 1
	for p := low; p <= last; p++ {
		v := g.ValueAt(l, p)
		if p != last && x.WaitsOn(&e, v) {
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
	if x.Random != nil {
		return x.addReadAtRandom(e, low, last)
	}
	x.settle(&e, last, 0)
	return g.Add(e)
}

// WaitsOn reports whether the read e is known to leave its thread waiting when
// its value is v.
func (x *Explorer) WaitsOn(e *graph.Event, v uint64) bool {
	if e.Has(graph.Await) {
		return !e.Holds(v)
	}
	return e.Kind == graph.Read && e.Key != 0 && x.Waits.Has(BadValue(e.Key, v))
}

// addWrite adds the write e at the end of coherence order and pushes its other
// places and the reads that it revisits.
func (x *Explorer) addWrite(e graph.Event) int32 {
	g := x.G
	l := &g.Loc[e.Loc]
	stamp := int32(len(g.Ev))
	low := x.lower(e.Loc, e.Thr)
	e.Pos = int32(len(l.CO))
	for p := low + 1; p < e.Pos; p++ {
		if !g.Ev[l.CO[p]].Has(graph.Update) { // nothing comes between an update and what it read
			x.push(item{kind: altWrite, stamp: stamp, at: p, reader: -1})
		}
	}
	if x.Random != nil {
		return x.addWriteAtRandom(e, low)
	}
	id := g.Add(e)
	x.pushRevisits(id)
	return id
}

// addUpdate adds the write part of the update whose read part is the last
// event of thread t. It reports false when the graph is inconsistent with it:
// then only the revisits that it pushed matter.
func (x *Explorer) addUpdate(t int32) bool {
	g := x.G
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
func (x *Explorer) completePending(t int32) bool {
	log := x.G.Thr[t].Ev
	e := &x.G.Ev[log[len(log)-1]]
	return !e.Has(graph.Done) || x.addUpdate(t)
}
