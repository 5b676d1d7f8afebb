package engine

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/engine/source"
)

// explain runs the failed execution again to learn where its steps stand.
func (e *Engine) explain() *Found {
	first, cause := e.x.failure, e.cause
	word, err := e.x.g.Word()
	if err != nil {
		word = "" // the failure is worth more than the way back to it
	}
	e.x.failure, e.picture.Racing = nil, nil
	e.recording = newRecorder(first.Kind)
	e.picture.Record()
	f := e.x.frames[e.x.depth]
	work := slices.Clone(f.work)
	e.run()
	e.finish()
	f.work = append(f.work[:0], work...)
	switch {
	case first.Kind == Foreign: // who knows what that goroutine does the next time
		e.x.failure = first
	case e.x.failure == nil || e.x.failure.Kind != first.Kind:
		e.x.failure = &Failure{Kind: Nondeterministic, Message: fmt.Sprintf(
			"an execution ended in %q and, when repeated, did not: the program depends on something that the model does not control", first.Error())}
	}
	if e.x.full && e.x.failure.Kind == Limit {
		e.x.failure.Message += e.shown().Cycles()
	}
	found := &Found{Failure: e.x.failure, Cause: cause, Replay: word}
	found.Trace = e.shown().Trace(found.Failure.Error())
	for i := range found.Trace.Lanes {
		if i < len(e.threads) {
			found.Trace.Lanes[i].End = e.lastOf(e.threads[i])
		}
	}
	e.unwind()
	e.recording = nil
	e.picture.Forget()
	return found
}

// lastOf says how a thread's execution ended, for the trace.
func (e *Engine) lastOf(t *Thread) string {
	at := source.Short(e.recording.waits[t.id].At)
	switch t.state {
	case deferred, stuck, limited:
		return e.waitsFor(t) + " at " + at
	case spinning:
		return "busy loop at " + at
	}
	return ""
}

// Observe adds values to the outcome of the execution.
func (t *Thread) Observe(values []any) {
	if t.e.stopped() {
		t.leave()
	}
	t.leavesLoop()
	t.e.observed = append(t.e.observed, values...)
}

// FailWith is Fail with the value that a panic would have.
func (t *Thread) FailWith(k FailureKind, cause any, format string, args ...any) {
	if t.e.stopped() {
		t.leave()
	}
	t.leavesLoop()
	t.e.cause = cause
	t.Fail(k, format, args...)
}

// Fail ends the execution with a failure. What a thread finds while it unwinds,
// in deferred functions, is none.
func (t *Thread) Fail(k FailureKind, format string, args ...any) {
	if t.e.stopped() {
		t.leave()
	}
	t.leavesLoop()
	t.x.fail(k, format, args...)
	t.leave()
}
