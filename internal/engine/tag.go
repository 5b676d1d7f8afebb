package engine

import (
	"sync/atomic"
	"unsafe"
)

// A Tag is the place of a modelled object where an engine writes down which
// location it is in the execution that runs. The zero Tag is ready. In a tag
// that no engine has used the serial is the last use by a foreign goroutine.
type Tag struct {
	serial atomic.Uint64
	loc    int32
}

const serialBits = 40 // for the count of executions; the rest is the engine's number

// bind is the location of the object with that tag in this execution.
func (t *Thread) bind(at *Tag, init uint64) int32 {
	e := t.e
	if at.serial.Load() == e.serial {
		return at.loc
	}
	return e.bindNew(t, at, init)
}

func (e *Engine) bindNew(t *Thread, at *Tag, init uint64) int32 {
	if t.trial.on {
		t.deviates() // it is new to the thread
	}
	owner := at.serial.Load()
	mine := t.mayOwn(owner)
	if !mine {
		if loc, ok := e.shared[at]; ok {
			return loc
		}
	}
	var loc int32
	if ev := e.x.Replayed(t.id); ev != nil {
		if loc = ev.Loc; loc < 0 {
			e.x.Diverged(t.id, ev, "an operation on a variable")
			t.leave()
		}
	} else {
		// The graph may know the object by an event that is still to be
		// played again: only then a new location can be told from an old one.
		for !e.x.CaughtUp() {
			t.state = behind
			t.block()
		}
		if at.serial.Load() == e.serial {
			return at.loc
		}
		if known, ok := e.shared[at]; ok {
			return known
		}
		loc = e.x.G.AddLocation()
	}
	l := &e.x.G.Loc[loc]
	l.Init = init
	l.Name = ""
	if mine && at.serial.CompareAndSwap(owner, e.serial) {
		at.loc = loc
	} else {
		e.shared[at] = loc
	}
	return loc
}

// handleOf is the number of a pointer in this execution.
func (e *Engine) handleOf(p unsafe.Pointer) uint64 {
	if p == nil {
		return 0
	}
	h, ok := e.handle[p]
	if !ok {
		e.handles = append(e.handles, p)
		h = uint64(len(e.handles))
		e.handle[p] = h
	}
	return h
}

func (e *Engine) pointer(h uint64) unsafe.Pointer {
	if h == 0 {
		return nil
	}
	return e.handles[h-1]
}
