package engine

import (
	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/engine/source"
	"github.com/fearless-go/fearless/internal/trace"
)

// A cellState is what an execution knows of a plain variable: who wrote it
// last and who has read it since. As in FastTrack (Flanagan, Freund, PLDI 2009)
// that is enough to find the first race of an execution, and every execution
// is looked at.
type cellState struct {
	write accessAt
	reads []accessAt
	open  []openAccess
	freed accessAt // that its memory was given back
	name  string
}

// An accessAt is a plain access: of thread thr, after idx of its events. It
// happens before whatever has that thread's next event in its clock.
type accessAt struct {
	thr, idx int32
	pos      trace.Pos
	valid    bool
}

// An openAccess is one that has begun, and lasts.
type openAccess struct {
	accessAt
	write bool
}

func (a *accessAt) before(clock []uint16) bool { return int32(clock[a.thr]) > a.idx }

// step is the access as a report shows it.
func (a *accessAt) step(op string) picture.Access {
	return picture.Access{Thr: a.thr, Idx: a.idx, Pos: a.pos, Op: op}
}

// PlainRead and PlainWrite tell the engine of an access to a variable that is
// not atomic.
func (t *Thread) PlainRead(at *Tag) { t.plain(at, false) }

// PlainWrite is for writes.
func (t *Thread) PlainWrite(at *Tag) { t.plain(at, true) }

// PlainBegin tells the engine of an access that lasts until PlainEnd.
func (t *Thread) PlainBegin(at *Tag, write bool) {
	if c, now := t.plain(at, write); c != nil {
		c.open = append(c.open, openAccess{now, write})
	}
}

// PlainEnd ends the last access that has begun, and is another at its end, unless it was
// left by a panic.
func (t *Thread) PlainEnd(at *Tag, write, returned bool) {
	if t.e.stopped() && !returned {
		return // the engine ends the thread
	}
	if !t.trial.on {
		c := t.cell(at)
		for i := len(c.open) - 1; i >= 0; i-- {
			if c.open[i].thr == t.id {
				c.open = append(c.open[:i], c.open[i+1:]...)
				break
			}
		}
	}
	if returned {
		t.plain(at, write)
	}
}

// plain notes an access, and returns it with its variable, or nil where a trial is on.
//
// What lasts races with whatever comes in the meantime, also where that is ordered with
// both of its ends. It is enough to look at those that are open in this run: the
// threads go on in an order in which each event comes after those that happen
// before it, so what is between the two ends comes between them here, too.
func (t *Thread) plain(at *Tag, write bool) (*cellState, accessAt) {
	e := t.e
	if e.stopped() {
		t.leave()
	}
	t.idles(1)
	if t.trial.on {
		if write {
			t.deviates()
		}
		t.readsPlain()
		return nil, accessAt{}
	}
	c := t.cell(at)
	now := accessAt{thr: t.id, idx: e.x.G.Thr[t.id].Cur, valid: true}
	t.plainAt = now.idx
	if write {
		t.wroteAt = now.idx
	}
	if r := e.recording; r != nil && (r.of != Unsupported || t.idle < 1000) { // millions of them take long to look up
		call := source.CalledFrom()
		now.pos = call.At
		if c.name == "" {
			c.name = r.nameData(call)
		}
	}
	if c.freed.valid {
		verb := "read"
		if write {
			verb = "written"
		}
		e.usedFreed(t, plainName(c.name), &c.freed, verb, &now)
	}
	for i := range c.open {
		if o := &c.open[i]; o.thr != t.id && (write || o.write) {
			e.raced(t, c, &o.accessAt, &now, o.write, write, "; the first lasts until its function returns, and the second comes before that")
		}
	}
	clock := e.x.G.ClockNow(t.id)
	if w := &c.write; w.valid && w.thr != t.id && !w.before(clock) {
		e.raced(t, c, w, &now, true, write, "")
	}
	for i := range c.reads {
		if r := &c.reads[i]; write && r.thr != t.id && !r.before(clock) {
			e.raced(t, c, r, &now, false, true, "")
		}
	}
	if write {
		c.write, c.reads = now, c.reads[:0]
		return c, now
	}
	for i := range c.reads {
		if c.reads[i].thr == t.id {
			c.reads[i] = now
			return c, now
		}
	}
	c.reads = append(c.reads, now)
	return c, now
}

// cell is the state of the plain variable with that tag in this execution.
func (t *Thread) cell(at *Tag) *cellState {
	e := t.e
	owner := at.serial.Load()
	if owner == e.serial {
		return &e.cells[at.loc]
	}
	mine := t.mayOwn(owner)
	if !mine {
		if i, ok := e.shared[at]; ok {
			return &e.cells[i]
		}
	}
	i := int32(len(e.cells))
	if len(e.cells) < cap(e.cells) {
		e.cells = e.cells[:i+1]
		c := &e.cells[i]
		*c = cellState{reads: c.reads[:0], open: c.open[:0]}
	} else {
		e.cells = append(e.cells, cellState{})
	}
	if mine && at.serial.CompareAndSwap(owner, e.serial) {
		at.loc = i
	} else {
		e.shared[at] = i
	}
	return &e.cells[i]
}
