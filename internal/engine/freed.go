package engine

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// freed.go is memory that the program gives back. That is no event of the graph: it
// stands where it does in its thread, as an access to plain data. An object is used
// after it was given back if an access to it does not happen before that. What has
// been executed when the thread gives the object back is looked at then. What comes
// later in the run does not happen before it, for whatever does is executed earlier.

// A freed object is one that was given back in the execution under way.
type freed struct {
	at  *Tag
	loc int32 // -1: no operation has used it yet
	by  accessAt
}

// Freed notes that the memory of the objects with those tags is given back: atomics
// and plain variables.
func (t *Thread) Freed(atomics, plain []*Tag) {
	e := t.e
	if e.stopped() {
		t.leave()
	}
	t.leavesLoop()
	if !e.frees {
		// Operations that the graph has already are not looked at until now.
		e.frees, e.seen.Frees = true, true
		if len(e.x.Here) == 0 { // the first run: from now on it is known which rounds are nothing
			e.loops, e.seen.Several = nil, false
		}
		e.takeBack()
		t.leave()
	}
	now := accessAt{thr: t.id, idx: e.x.G.Thr[t.id].Cur, valid: true}
	if e.recording != nil {
		now.pos = source.CallSite()
	}
	for _, at := range plain {
		t.freesPlain(at, now)
	}
	for _, at := range atomics {
		t.freesAtomic(at, now)
	}
}

func (t *Thread) freesPlain(at *Tag, now accessAt) {
	e := t.e
	c := t.cell(at)
	if c.freed.valid {
		e.usedFreed(t, plainName(c.name), &c.freed, "freed again", &now)
	}
	clock := e.x.G.ClockNow(t.id)
	if w := &c.write; w.valid && w.thr != t.id && !w.before(clock) {
		e.freedUnordered(t, plainName(c.name), w, "written", &now)
	}
	for i := range c.reads {
		if r := &c.reads[i]; r.thr != t.id && !r.before(clock) {
			e.freedUnordered(t, plainName(c.name), r, "read", &now)
		}
	}
	c.freed = now
}

func (t *Thread) freesAtomic(at *Tag, now accessAt) {
	e := t.e
	f := freed{at: at, loc: -1, by: now}
	for i := range e.freed {
		if was := &e.freed[i]; was.at == at {
			e.usedFreed(t, e.freedName(was), &was.by, "freed again", &now)
		}
	}
	if loc, ok := at.loc, at.serial.Load() == e.serial; ok {
		f.loc = loc
	} else if loc, ok := e.shared[at]; ok {
		f.loc = loc
	}
	if f.loc >= 0 {
		clock := e.x.G.ClockNow(t.id)
		for _, id := range e.x.G.Loc[f.loc].Acc {
			ev := &e.x.G.Ev[id]
			if ev.Thr == t.id || !e.x.Ran(id) || ev.Seen(clock) {
				continue
			}
			was := accessAt{thr: ev.Thr, idx: ev.Idx, pos: e.picture.Calls[picture.At(ev.Thr, ev.Idx)].At, valid: true}
			e.freedUnordered(t, e.freedName(&f), &was, "used", &now)
		}
	}
	e.freed = append(e.freed, f)
}

// checkFreed looks whether the operation of the thread just done uses what was freed.
func (t *Thread) checkFreed() {
	e := t.e
	n := e.x.G.Thr[t.id].Cur - 1
	ev := &e.x.G.Ev[e.x.G.Thr[t.id].Ev[n]]
	if !ev.Access() {
		return
	}
	for i := range e.freed {
		f := &e.freed[i]
		if f.loc < 0 {
			if loc, ok := f.at.loc, f.at.serial.Load() == e.serial; ok {
				f.loc = loc
			} else if loc, ok := e.shared[f.at]; ok {
				f.loc = loc
			}
		}
		if f.loc == ev.Loc {
			e.usedFreed(t, e.freedName(f), &f.by, "used", &accessAt{thr: t.id, idx: n, pos: e.picture.Calls[picture.At(t.id, n)].At})
		}
	}
}

func (e *Engine) freedName(f *freed) string {
	if f.loc < 0 {
		return "an object"
	}
	return e.x.G.Name(f.loc)
}

func plainName(name string) string {
	if name == "" {
		return "a plain variable"
	}
	return name
}

// usedFreed reports an access behind the end of the memory.
func (e *Engine) usedFreed(t *Thread, name string, by *accessAt, verb string, now *accessAt) {
	e.x.Fail(UseAfterFree, "%s was freed by %s at %s, and is %s by %s at %s", name,
		e.shown().ThreadName(by.thr), source.Short(by.pos), verb, e.shown().ThreadName(t.id), source.Short(now.pos))
	e.tellFreed(name, by, verb, now)
	t.leave()
}

// freedUnordered reports an access that nothing orders before the end of the memory.
func (e *Engine) freedUnordered(t *Thread, name string, was *accessAt, verb string, now *accessAt) {
	e.x.Fail(UseAfterFree, "%s is %s by %s at %s, which does not happen before it is freed by %s at %s", name,
		verb, e.shown().ThreadName(was.thr), source.Short(was.pos), e.shown().ThreadName(t.id), source.Short(now.pos))
	e.tellFreed(name, now, verb, was)
	t.leave()
}

// tellFreed makes what no event shows a step of the trace.
func (e *Engine) tellFreed(name string, by *accessAt, verb string, use *accessAt) {
	e.picture.Racing = []picture.Access{by.step(fmt.Sprintf("frees %s", name))}
	switch verb {
	case "written", "read":
		e.picture.Racing = append(e.picture.Racing, use.step(accessText(verb == "written", name)))
	case "freed again":
		e.picture.Racing = append(e.picture.Racing, use.step(fmt.Sprintf("frees %s again", name)))
	}
}
