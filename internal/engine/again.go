package engine

import "github.com/fearless-go/fearless/internal/engine/graph"

// again.go is the short way for an operation that the graph has already. Most
// operations of a run are such: it changes little of the graph it begins with.
// Where anything but the graph decides, or the operation is not the one that
// the graph has, the long way is taken.

// noScript sends a thread the long way.
var noScript graph.Log

// again is the event of the graph that is t's next operation; nil: take the
// long way. A thread that unwinds gets one, too: that does no harm, and it comes
// to the end of what the graph has.
func (t *Thread) again() *graph.Event {
	s := t.script
	if i := uint(s.Cur); i < uint(len(s.Ev)) {
		return &t.x.G.Ev[s.Ev[i]]
	}
	return nil
}

// finds reports whether ev is of the object with that tag, or can be, because
// the execution has not met the object yet.
func (t *Thread) finds(at *Tag, ev *graph.Event, init uint64) bool {
	if at.serial.Load() == t.e.serial {
		return at.loc == ev.Loc
	}
	return t.meets(at, ev, init)
}

// meets is finds for an object that this execution has not met, or that another
// engine has.
//
//go:noinline
func (t *Thread) meets(at *Tag, ev *graph.Event, init uint64) bool {
	e := t.e
	owner := at.serial.Load()
	if owner != 0 && owner>>serialBits != e.serial>>serialBits || !at.serial.CompareAndSwap(owner, e.serial) {
		return false
	}
	at.loc = ev.Loc
	l := &e.x.G.Loc[ev.Loc]
	l.Init, l.Name = init, ""
	return true
}

// written is the read ev when what it reads from has been executed in this run.
func (t *Thread) written(ev *graph.Event) *graph.Event {
	if ev.RF < 0 || t.x.Ran(ev.RF) {
		return ev
	}
	t.awaitRun(ev.RF)
	return t.again() // others may have moved it
}

// recall is learn for an operation that the graph has.
func (t *Thread) recall(ev *graph.Event) {
	if ev.Hist == 0 {
		t.learn(ev.Val)
		return
	}
	t.before, t.history = t.history, ev.Hist
}

// passUpdate goes on behind the read part ev of an update, and its write part.
func (t *Thread) passUpdate(ev *graph.Event) bool {
	if !ev.Has(graph.Done) {
		t.script.Cur++
	} else {
		if log := t.script.Ev; int(ev.Idx)+1 == len(log) || t.x.G.Ev[log[ev.Idx+1]].Hist == 0 {
			return false
		}
		t.script.Cur += 2
	}
	t.recall(ev)
	return true
}

// updates reports whether ev is such an update of the object with that tag, and
// if so goes on behind it.
func (t *Thread) updates(at *Tag, ev *graph.Event, init uint64, op Op, arg, expected uint64) bool {
	return ev.Kind == graph.Read && ev.Op == op && ev.Arg == arg && ev.Exp == expected && ev.Hist != 0 &&
		ev.Key == 0 && !ev.Has(graph.Pointer|graph.Await) && t.finds(at, ev, init) && (ev.RF < 0 || t.x.Ran(ev.RF)) && t.passUpdate(ev)
}

func (t *Thread) awaitAgain(at *Tag, init uint64, cond Op, expected, v uint64) (got uint64, ok bool) {
	ev := t.again()
	if ev == nil || ev.Kind != graph.Read || ev.Op != cond || ev.Exp != expected || ev.Arg != v || ev.Hist == 0 || !ev.Has(graph.Await) ||
		!ev.Holds(ev.Val) || !t.finds(at, ev, init) || ev.RF >= 0 && !t.x.Ran(ev.RF) {
		return 0, false
	}
	return ev.Val, t.passUpdate(ev)
}

// endAgain is for the store that a thread ends with.
func (t *Thread) endAgain() bool {
	ev := t.again()
	if ev == nil || ev.Kind != graph.Write || ev.Loc != t.end || ev.Hist == 0 {
		return false
	}
	t.script.Cur++
	return true
}

// awaitEndAgain is for the read that a join is.
func (t *Thread) awaitEndAgain(n Ending) bool {
	ev := t.again()
	if ev == nil || ev.Kind != graph.Read || ev.Op != OpUntil || n.serial != t.e.serial || ev.Loc != n.of.end || ev.RF < 0 {
		return false
	}
	ev = t.written(ev)
	t.script.Cur++
	t.recall(ev)
	return true
}

// awaitRun waits until the event w has been executed. It is block, but looks
// first at what is most often so: w's thread begins, and ends.
func (t *Thread) awaitRun(w int32) {
	e := t.e
	x := e.x
	x.WaitFor(t.id, w)
	t.state = delayed
	e.blocked = append(e.blocked, t)
	if u := e.threads[x.G.Ev[w].Thr]; u.new && !u.separate && !e.stopped() {
		t.on.call(u)
		if e.next == nil && e.blocked[len(e.blocked)-1] == t && x.Ran(w) && !e.stopped() {
			e.goesOn(t)
			return
		}
	}
	t.goOn()
}
