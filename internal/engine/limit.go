package engine

import "github.com/fearless-go/fearless/internal/engine/explore"

// limit.go is waits that may end without what they wait for: by a timeout, at
// any moment, or by a context, from the moment on in which some thread of the
// program has canceled it. When that is, is no event of the graph: a thread whose
// wait ends by it stands still in each run until the context is canceled
// in that run, and an execution in which nobody cancels it is given up. What a
// cancellation orders is not known, so it orders nothing.

// UpdateUntil performs u when the value of the object satisfies cond (with
// u.Expected), or when over reports true; nil is true. u has to fail on a value
// that does not satisfy cond.
func (t *Thread) UpdateUntil(at *Tag, init uint64, u *Update, cond Op, over func() bool) (old uint64, done bool) {
	if over == nil {
		return t.Update(at, init, u)
	}
	x := t.enter()
	t.wait = wait{loc: t.bind(at, init), cond: cond, expected: u.Expected, over: over}
	t.letOthersRun(x)
	w := t.wait
	old, done = t.Update(at, init, u)
	if !done {
		t.wait = w
		t.awaitOver()
	}
	return old, done
}

// Over decides whether a wait that is about to begin is over already. It may
// be only when over reports true in this execution; nil is true.
func (t *Thread) Over(over func() bool) bool {
	if t.Choose(2) == 0 {
		return false
	}
	if over != nil {
		t.wait = wait{loc: -1, over: over}
		t.awaitOver()
	}
	return true
}

// letOthersRun lets others run before an operation that would fail now: most
// often one of them brings the value.
func (t *Thread) letOthersRun(x *explore.Explorer) {
	for x.Replayed(t.id) == nil && !t.wait.forced && !t.wait.over() && !x.LatestSatisfies(t.wait.loc, t.wait.cond, t.wait.expected) {
		t.noteWait()
		t.state = deferred
		t.block()
	}
}

// awaitOver blocks until the limit of the wait is reached.
func (t *Thread) awaitOver() {
	for !t.wait.over() {
		t.noteWait()
		t.state = limited
		t.block()
	}
}

// unmet reports whether a thread whose wait ended by its limit, which nobody
// reached, would have got what it waited for in another execution.
func (e *Engine) unmet(t *Thread) bool {
	return t.wait.loc < 0 || e.x.LatestSatisfies(t.wait.loc, t.wait.cond, t.wait.expected)
}
