package engine

import "github.com/fearless-go/fearless/internal/engine/graph"

// symmetry.go is groups of threads that are alike, and what one of them waits for before
// its next operation. Why nothing is lost by that is argued in graph/twins.go.

// SymmetricBegin begins a group: the threads that t starts until SymmetricEnd.
func (t *Thread) SymmetricBegin() {
	if !t.e.opts.Plain {
		t.grouping, t.groupFrom = true, t.x.G.Thr[t.id].Cur
	}
}

// SymmetricEnd ends the group.
func (t *Thread) SymmetricEnd() { t.grouping = false }

// placeInGroup is what the start of a thread, which is new, has as its place in its
// group, from 1; 0 is none. Where something has come between the starts it is the first
// one of another group.
func (t *Thread) placeInGroup() uint64 {
	if !t.grouping {
		return 0
	}
	g := t.x.G
	log := g.Thr[t.id].Ev
	if n := int32(len(log)); n > t.groupFrom {
		if before := &g.Ev[log[n-1]]; before.Kind == graph.Spawn && before.Arg > 0 {
			return before.Arg + 1
		}
	}
	return 1
}

// afterTwin waits until the operation of another thread is there that the next one of t
// comes after.
func (t *Thread) afterTwin() {
	x := t.x
	for x.Replayed(t.id) == nil && !x.Dead {
		k := x.G.Thr[t.id].Cur
		twin := x.G.Twin(t.id, k)
		if twin < 0 || !t.e.precedes(twin, k) {
			return
		}
		t.twin, t.twinAt = twin, k
		t.state = behindTwin
		t.block()
	}
}

// precedes reports whether thread u is still to do its operation behind k events, as
// far as it does one at all.
func (e *Engine) precedes(u, k int32) bool {
	if int32(len(e.x.G.Thr[u].Ev)) > k {
		return false
	}
	switch e.threads[u].state {
	case discarded, over, idle:
		return false
	}
	return true
}
