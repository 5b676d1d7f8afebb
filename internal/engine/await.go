package engine

import (
	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
)

// await.go learns which operations are the condition of a busy loop, and which
// values leave the thread in it. What a thread does after an operation follows
// from what its operations have returned so far, its history, and from this value;
// so a thread with the same history and value waits again. The knowledge has three
// uses, none of which loses an execution: the thread lets others run before the
// operation (order is free in TruSt); an old value that it would wait on is not
// tried (nothing could complete that, see explore.Explorer, addRead); and an update that would write
// what it found, and wait, writes nothing (see spin.go: a round that changes nothing
// has no readers that would not find the same elsewhere).
//
// What a thread does may also depend on plain memory that others wrote. In a
// program without races it has synchronized with them first, so an operation that
// acquires adds the history of the thread that it acquired from.
//
// A history is a hash of 64 bits, and so is an entry of what is known. If two
// differ and their hashes do not, a thread is taken to wait where it does not, and
// executions are lost. In an exploration that meets n histories that has a chance
// of about n squared in 2^65: one in 37 million for a million histories.

// learn adds the operation just done, a read or a choice of v, to the
// thread's history.
func (t *Thread) learn(v uint64) {
	g := t.x.G
	log := g.Thr[t.id].Ev
	id := log[t.x.G.Thr[t.id].Cur-1]
	e := &g.Ev[id]
	r := e
	if e.Kind == graph.Write {
		r = &g.Ev[log[e.Idx-1]]
	}
	t.before = t.history
	if r.Has(graph.Pointer) {
		v = 1 // numbers of pointers differ between runs: which write it was does not
	}
	h := explore.Mix(t.history, v)
	if r.Kind == graph.Read && r.RF >= 0 && (r.Order.Acquires() || r.Has(graph.Pointer)) {
		h = explore.Mix(h, g.Ev[r.RF].Hist)
	}
	t.history = h
	r.Hist, e.Hist = h, h
	if e.Kind == graph.Write && r.RF >= 0 {
		e.Hist = explore.Mix(h, g.Ev[r.RF].Hist) // it carries on a release sequence
	}
}

// passOn marks the operation just done with the thread's history. A fence
// acquires from all writes that the thread has read from.
func (t *Thread) passOn() {
	g := t.x.G
	log := g.Thr[t.id].Ev
	e := &g.Ev[log[t.x.G.Thr[t.id].Cur-1]]
	if e.Kind == graph.Fence && e.Order.Acquires() {
		for _, id := range log[:e.Idx] {
			if r := &g.Ev[id]; r.Kind == graph.Read && r.RF >= 0 {
				t.history = explore.Mix(t.history, g.Ev[r.RF].Hist)
			}
		}
	}
	e.Hist = explore.Mix(t.history, uint64(e.Idx))
}

// learnWait notes that the operation just done leaves its thread in a busy loop, and
// reports whether that is new.
func (t *Thread) learnWait() bool {
	x := t.x
	if x.Waits.Len() > explore.MostKnown {
		return false
	}
	start, ok := x.G.Harmless(x.G.Thr[t.id].Ev, x.G.Thr[t.id].Cur)
	if !ok {
		return false
	}
	e := &x.G.Ev[x.G.Thr[t.id].Ev[start]]
	if e.Kind != graph.Read || e.Has(graph.Pointer) {
		return false
	}
	e.Key = t.before
	t.e.note(t.before) // the operation is a condition
	return t.e.note(explore.BadValue(t.before, e.Val))
}

// waitsAgain lets the thread wait if the operation just done is known to leave
// it in a busy loop.
func (t *Thread) waitsAgain() {
	x := t.x
	log := x.G.Thr[t.id]
	if int(log.Cur) < len(log.Ev) {
		return
	}
	if start, ok := x.G.Harmless(log.Ev, log.Cur); ok {
		if e := &x.G.Ev[log.Ev[start]]; e.Key != 0 && x.WaitsOn(e, e.Val) {
			t.goesRound(1)
		}
	}
}

// note adds what is known, and reports whether it is new.
func (e *Engine) note(h uint64) bool {
	if e.x.Waits.Has(h) {
		return false
	}
	e.x.Waits.Add(h)
	if p := e.pool; p != nil && p.opts.Parallel > 1 {
		p.told.write(h)
	}
	return true
}

// awaitLater lets others run before an operation that would leave the thread in a
// busy loop, and returns the key to add it with: 0 if it is no condition.
func (t *Thread) awaitLater(loc int32) uint64 {
	x := t.x
	if x.Waits.Len() == 0 || x.Replayed(t.id) != nil || !x.Waits.Has(t.history) {
		return 0
	}
	t.wait = wait{loc: loc, cond: OpNone, expected: t.history}
	for !t.wait.forced && x.LatestWaits(loc, t.history) {
		t.noteWait()
		t.state = deferred
		t.block()
	}
	return t.history
}
