package engine

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// raced reports a race between an earlier access and the one of t now, and why it is
// one; "" if they are not in order.
func (e *Engine) raced(t *Thread, c *cellState, was, now *accessAt, wrote, writes bool, why string) {
	verb := func(w bool) string {
		if w {
			return "written"
		}
		return "read"
	}
	name := c.name
	if name == "" {
		name = "a plain variable"
	}
	msg := fmt.Sprintf("data race on %s: %s by %s at %s, %s by %s at %s", name,
		verb(wrote), e.shown().ThreadName(was.thr), source.Short(was.pos), verb(writes), e.shown().ThreadName(t.id), source.Short(now.pos))
	if why == "" {
		why = e.advice(was, t.id)
	}
	e.x.Fail(DataRace, "%s%s", msg, why)
	e.picture.Racing = []picture.Access{was.step(accessText(wrote, name)), now.step(accessText(writes, name))}
	t.leave()
}

// panicked reports a panic that no thread function caught.
func (e *Engine) panicked(t *Thread, v any) {
	if f, ok := v.(*Failure); ok {
		if e.x.Failure == nil {
			e.x.Failure = f
		}
		return
	}
	if e.ending || t.left > 0 {
		return // a deferred function, when the engine ended the thread
	}
	e.x.Fail(Panicked, "%s panicked: %v", e.shown().ThreadName(t.id), v)
	e.cause = v
}

// Panicked notes that the thread ended by a panic that its handle remembers.
func (t *Thread) Panicked(value any, location string) {
	t.panicked = true
	t.panic = fmt.Sprintf("%s panicked at %s: %v, and nobody joined it", t.e.shown().ThreadName(t.id), location, value)
	t.cause = value
}

// SetName gives the thread a name for reports.
func (t *Thread) SetName(name string) {
	t.e.picture.Rename(t.id, name)
}

// Number is the thread's number, as package thread shows it.
func (t *Thread) Number() uint64 { return uint64(t.id) + 1 }

// Unsupported ends the exploration because the program uses what the model lacks.
func (t *Thread) Unsupported(what string) { t.Fail(Unsupported, "%s", what) }

// exited is called when runtime.Goexit ended a thread.
func (e *Engine) exited(t *Thread) {
	if t.id == 0 {
		e.x.Fail(Panicked, "the main function of the model called runtime.Goexit, as testing's FailNow, Fatal and Skip do: use model.Assert")
	}
}

// finish looks at how a run ended: complete, or blocked, or failed.
func (e *Engine) finish() (complete bool) {
	if e.x.Dead || e.x.Failure != nil {
		return false
	}
	complete, stale := true, false
	beforeLimit, outOfOrder := false, false
	unjoined := false
	e.panics = false
	for _, t := range e.threads {
		switch t.state {
		case over:
			e.panics = e.panics || t.panicked
			if ev := e.x.Replayed(t.id); ev != nil {
				e.x.Fail(Nondeterministic, "%s ends where it did %s before in the same execution: the program depends on something that the model does not control",
					e.shown().ThreadName(t.id), e.x.Describe(ev))
				return false
			}
			unjoined = unjoined || t.id > 0 && !t.joined
			continue
		case idle:
			continue
		case stuck:
			complete = false
			stale = stale || e.x.LatestSatisfies(t.wait.loc, t.wait.cond, t.wait.expected)
		case spinning:
			complete = false
			stale = stale || e.x.ReadsStale(t.id, t.spin.round)
		case discarded:
			complete, stale = false, true
		case limited:
			complete = false
			beforeLimit = true
			stale = stale || e.unmet(t)
		case delayed, behind:
			complete = false
			outOfOrder = true
		default:
			complete = false
		}
	}
	if !complete && e.opts.blocked != nil {
		e.opts.blocked(e)
	}
	// Who waits for the thread that waits for its limit cannot reach that.
	stale = stale || beforeLimit && outOfOrder
	switch {
	case !complete && !stale:
		e.deadlocked()
	case complete && unjoined:
		for _, t := range e.threads[1:] {
			if t.state != over || t.joined {
				continue
			}
			if t.panicked && !t.scoped {
				e.cause = t.cause
				e.x.Fail(Panicked, "%s", t.panic)
			} else if !t.scoped && !t.panicked {
				e.x.Fail(Leak, "%s was never joined: join it, or start it in a thread.Scope", e.shown().ThreadName(t.id))
			}
		}
	}
	if complete && e.x.Failure == nil {
		e.leaks()
	}
	if complete && e.x.Failure == nil {
		e.check()
	}
	return complete
}

func (e *Engine) deadlocked() {
	var b strings.Builder
	b.WriteString("no thread can go on")
	for _, t := range e.threads {
		if t.state == over || t.state == idle {
			continue
		}
		at := "an unknown place"
		if e.recording != nil {
			at = source.Short(e.recording.waits[t.id].At)
		}
		switch t.state {
		case behindTwin:
			fmt.Fprintf(&b, "; %s does as %s", e.shown().ThreadName(t.id), e.shown().ThreadName(t.twin))
		case spinning:
			fmt.Fprintf(&b, "; %s goes round in a busy loop at %s", e.shown().ThreadName(t.id), at)
		default:
			fmt.Fprintf(&b, "; %s %s at %s%s", e.shown().ThreadName(t.id), e.waitsFor(t), at, e.holder(t))
		}
	}
	e.x.Fail(Deadlock, "%s", b.String())
}

func accessText(write bool, name string) string {
	if write {
		return "writes " + name
	}
	return "reads " + name
}
