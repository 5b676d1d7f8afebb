package engine

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/source"
)

// explain runs the failed execution again to learn where its steps stand.
func (e *Engine) explain() *Found {
	first, cause := e.x.Failure, e.cause
	word, err := e.x.G.Word()
	if err != nil {
		word = "" // the failure is worth more than the way back to it
	}
	e.x.Failure, e.picture.Racing = nil, nil
	e.recording = newRecorder(first.Kind)
	e.picture.Record()
	restore := e.x.Keep()
	e.run()
	e.finish()
	restore()
	switch {
	case first.Kind == Foreign: // who knows what that goroutine does the next time
		e.x.Failure = first
	case e.x.Failure == nil || e.x.Failure.Kind != first.Kind:
		e.x.Failure = &Failure{Kind: Nondeterministic, Message: fmt.Sprintf(
			"an execution ended in %q and, when repeated, did not: the program depends on something that the model does not control", first.Error())}
	}
	if e.x.Full && e.x.Failure.Kind == Limit {
		e.x.Failure.Message += e.shown().Cycles()
	}
	found := &Found{Failure: e.x.Failure, Cause: cause, Replay: word}
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
	t.x.Fail(k, format, args...)
	t.leave()
}
