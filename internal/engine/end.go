package engine

import (
	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
)

// An Ending is the end of a thread of one execution, to wait for. The zero
// Ending is of none.
type Ending struct {
	of     *Thread
	serial uint64 // of the execution
}

// Ending returns the end of t.
func (t *Thread) Ending() Ending { return Ending{t, t.e.serial} }

// CheckForeign is called by a goroutine outside of any engine that waits for
// the end: it panics if the thread belongs to an execution that runs now.
func (n Ending) CheckForeign() {
	if live.n.Load() != 0 {
		checkForeign(n.serial)
	}
}

// Finish is called by the thread whose end it is, when it is over. It reports
// false if it is none of the model.
func (n Ending) Finish() bool {
	if n.of != nil {
		n.of.End()
	}
	return n.of != nil
}

// End stores that t is over.
func (t *Thread) End() {
	if t.endAgain() {
		return
	}
	x := t.enter()
	for !x.StoreEnd(t.id, t.end) {
		t.retry()
	}
	t.record()
	t.passOn()
	x.G.Ev[t.last()].Flags |= graph.Ending
}

// HasEnded looks whether the thread is over.
func (t *Thread) HasEnded(n Ending) bool {
	if t.e.stopped() {
		t.leave()
	}
	t.pass()
	return t.loadFrom(t.endOf(n), Acquire, false) == explore.Ended
}

// AwaitEnd waits until it is.
func (t *Thread) AwaitEnd(n Ending) {
	if t.awaitEndAgain(n) {
		return
	}
	x := t.enter()
	loc := t.endOf(n)
	for len(x.G.Loc[loc].CO) == 1 && x.Replayed(t.id) == nil {
		t.wait = wait{loc: loc, cond: OpUntil, expected: explore.Ended}
		t.noteWait()
		t.state = deferred
		t.block()
	}
	x.Join(t.id, loc)
	t.awaitAt(loc, OpUntil, explore.Ended, false, 0, Acquire)
	x.G.Ev[t.last()].Flags |= graph.Ending
}

// EndsUntil waits for the end of the thread, or until over reports true, and
// reports whether the thread has ended.
func (t *Thread) EndsUntil(n Ending, over func() bool) bool {
	if over == nil {
		return t.HasEnded(n)
	}
	x := t.enter()
	t.wait = wait{loc: t.endOf(n), cond: OpUntil, expected: explore.Ended, over: over}
	t.letOthersRun(x)
	w := t.wait
	if t.HasEnded(n) {
		return true
	}
	t.wait = w
	t.awaitOver()
	return false
}

// endOf is the location of the end.
func (t *Thread) endOf(n Ending) int32 {
	if n.serial != t.e.serial {
		t.Fail(Nondeterministic, "%s waits for a thread that is not of this execution: the program depends on memory that outlives an execution, or on threads that the model does not know", t.e.shown().ThreadName(t.id))
	}
	return n.of.end
}

// Alive is how many threads of the execution have begun, or are to begin, and
// are not over.
func (t *Thread) Alive() int {
	n := 0
	for _, u := range t.e.threads {
		if u.state < over {
			n++
		}
	}
	return n - 1 // the main function is no thread of package thread
}
