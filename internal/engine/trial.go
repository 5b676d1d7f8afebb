package engine

import (
	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// A trial finds out whether a thread is in a busy loop. The thread goes on as if
// each round found again what the last one found. That adds no event; a run
// with a trial is taken back and repeated, and then the engine knows. Before it,
// the run is repeated once more, to see where in the source the operations of
// the round stand (place).
//
// What the thread does depends on its history alone, so what a trial has shown
// holds for the thread in every run that comes to the same history.
type trial struct {
	prepared bool // begins with the next operation
	on       bool
	hinted   bool
	twice    bool   // the thread has gone the round twice
	several  bool   // it has not, and the round uses several objects
	key      uint64 // of the loop
	round    []trialOp
	at       int    // in the round
	done     int    // operations
	spun     bool   // SpinLoop was called since the end of the last round
	history  uint64 // what the thread's would be
	events   int32  // how many the thread would have
	passed   []uint64
	callers  [][]uintptr // of the SpinLoop, or nil, and in the last round of the operations
}

type trialOp struct {
	signature
	event int32  // its first
	place uint64 // in the source; 0: not known yet
}

// A signature is all of an operation but what it finds.
type signature struct {
	kind  graph.Kind
	op    Op
	order Order
	fail  Order
	loc   int32
	arg   uint64
	exp   uint64
}

func signatureOf(e *graph.Event) signature {
	s := signature{kind: e.Kind, op: e.Op, order: e.Order, loc: e.Loc, arg: e.Arg, exp: e.Exp}
	if e.Has(graph.Update) {
		s.order, s.fail = e.Succ, e.Fail
	}
	return s
}

func (t *Thread) signature(loc int32, u *Update) signature {
	x := t.x
	return signature{graph.Read, u.Op, x.Ordering(u.Order), x.Failing(u), loc, u.Arg, u.Expected}
}

// A loop that ends by itself after more operations than a trial takes is taken
// for one that waits. The first trials of an exploration take most: the same
// loops come again, with other histories. Without SpinLoop a trial takes as many
// as an execution may have events, so that who counts further meets that limit.
const (
	longTrial  = 1 << 15
	longHinted = 1 << 13
	leastTrial = 512
)

func (t *Thread) trialLength() int {
	o, first := &t.e.opts, 1+t.e.trials/8
	switch {
	case o.trial > 0:
		return o.trial
	case t.trial.hinted:
		return max(leastTrial, longHinted/first)
	}
	return max(leastTrial, o.MaxEvents, longTrial/first)
}

// placedOps says of how many operations of a trial the engine looks where they
// stand: the first ones, and one of as many from then on. It takes long. Who goes
// on from one loop to another one that does the same is seen there sooner or
// later, for the number is a prime, and so meets every part of what repeats itself.
const placedOps = 61

func (r *trial) looks() bool { return r.done < placedOps || r.done%placedOps == 0 }

// prepare lets a trial begin with the next operation, behind a SpinLoop.
func (r *trial) prepare(key uint64) {
	*r = trial{prepared: true, hinted: true, key: key, round: r.round[:0], passed: r.passed[:0], callers: r.callers[:0]}
}

// beginTrial begins the trial of the shortest round that s can begin, and that
// has not been tried.
func (t *Thread) beginTrial(s signature) {
	l := t.e.loops[t.trial.key]
	ops := t.tail(2 * longestHinted)
	for n := int(l.tried) + 1; n <= min(len(ops), longestHinted); n++ {
		if signatureOf(&t.x.G.Ev[ops[n-1]]) != s {
			continue
		}
		twice := 2*n <= len(ops) && t.placedTwice(ops, n, s)
		several := !twice && t.several(ops[:n])
		if (!several || !t.e.frees) && t.begins(ops[:n]) {
			t.trial.spun, t.trial.twice, t.trial.several = true, twice, several
			return
		}
	}
	t.e.know(t.trial.key, loop{known: true})
}

// placedTwice is roundTwice for rounds whose operations stand at the same places, too.
func (t *Thread) placedTwice(ops []int32, n int, s signature) bool {
	if !t.roundTwice(ops, n, s) {
		return false
	}
	for i := range n {
		if t.placed(ops[i]) != t.placed(ops[n+i]) {
			return false
		}
	}
	return true
}

// several reports whether the operations use more than one object. Then the round may use
// one that is given back, and is not nothing: whoever leaves the loop may use another one.
// Of a single object nothing is lost, for who leaves the loop has used it, with less that
// comes before.
func (t *Thread) several(ops []int32) bool {
	g := t.x.G
	loc := int32(-1)
	for _, id := range ops {
		switch l := g.Ev[id].Loc; {
		case loc < 0:
			loc = l
		case l >= 0 && l != loc:
			return true
		}
	}
	return false
}

// readsPlain is a read of plain data in the trial. A round that has one is not nothing:
// the read may be one half of a race. So the thread waits when it has gone the round twice.
func (t *Thread) readsPlain() {
	if r := &t.trial; !r.twice {
		r.passed = r.passed[:0] // there it has gone the round twice
		t.deviates()
	}
}

// beginUnhinted is beginTrial without SpinLoop.
func (t *Thread) beginUnhinted(key uint64, s signature) bool {
	t.trial = trial{key: key, round: t.trial.round[:0], passed: t.trial.passed[:0]}
	l := t.e.loops[key]
	ops := t.tail(2 * longestRound)
	for n := int(l.tried) + 1; 2*n <= len(ops); n++ {
		if t.placedTwice(ops, n, s) && t.begins(ops[:n]) {
			t.trial.twice = true
			return true
		}
	}
	t.e.know(key, loop{known: true})
	return false
}

// begins begins the trial of a round of ops, the last one first, if what the
// thread does now stands where the first one stood.
func (t *Thread) begins(ops []int32) bool {
	r := &t.trial
	if at := t.placed(ops[len(ops)-1]); at != 0 && at != t.placeOf() {
		return false
	}
	r.round = r.round[:0]
	for i := len(ops) - 1; i >= 0; i-- {
		r.round = append(r.round, trialOp{signatureOf(&t.x.G.Ev[ops[i]]), ops[i], t.placed(ops[i])})
	}
	r.on, r.at, r.done, r.callers = true, 0, 0, r.callers[:0]
	if !r.hinted {
		r.callers = append(r.callers, nil) // nothing pauses in it
	}
	r.history, r.events = t.history, t.x.G.Thr[t.id].Cur
	t.e.trials++
	return true
}

// tries is an operation of the trial.
func (t *Thread) tries(s signature) (val uint64, done bool) {
	r := &t.trial
	if r.at == 0 && r.hinted && !r.spun {
		t.deviates()
	}
	o := &r.round[r.at]
	if o.signature != s {
		t.deviates()
	}
	if r.looks() {
		at := t.placeOf()
		if o.place != 0 && o.place != at {
			t.deviates()
		}
		o.place = at
	}
	if r.done > 0 {
		r.passes(1)
	}
	e := t.x.G.Ev[o.event]
	r.history, r.events = t.goneBy(&e, r.history, r.events)
	r.done++
	if r.done > t.trialLength()-len(r.round) {
		r.callers = append(r.callers, t.usersFrames())
	}
	if r.at++; r.at == len(r.round) {
		r.at, r.spun = 0, false
	}
	if r.done >= t.trialLength() {
		t.isLoop()
	}
	return e.Val, e.Has(graph.Done)
}

// goneBy is the history and the number of events of a thread after it has done
// again what e was.
func (t *Thread) goneBy(e *graph.Event, history uint64, events int32) (uint64, int32) {
	v := e.Val
	switch {
	case e.Kind != graph.Read:
		return history, events + 1
	case e.Has(graph.Pointer):
		v = 1
	case e.Has(graph.Update):
		v = v<<1 | uint64(truth(e.Has(graph.Done)))
	}
	history = explore.Mix(history, v)
	if e.RF >= 0 && (e.Order.Acquires() || e.Has(graph.Pointer)) {
		history = explore.Mix(history, t.x.G.Ev[e.RF].Hist)
	}
	return history, events + 1 + int32(truth(e.Has(graph.Done)))
}

// passes notes that the thread's history, as far as it can be known, would be
// that of a loop at the place of a SpinLoop (0), or of an operation (1).
func (r *trial) passes(at uint64) {
	if len(r.passed) < longTrial {
		r.passed = append(r.passed, loopKey(r.history, r.events, at))
	}
}

// spinsAgain is SpinLoop in a trial.
func (t *Thread) spinsAgain() {
	r := &t.trial
	if r.at != 0 || r.spun {
		return
	}
	r.spun = true
	r.passes(0)
	if len(r.callers) == 0 {
		r.callers = append(r.callers, t.usersFrames())
	}
}

// leavesLoop is called before an operation that is in no round.
func (t *Thread) leavesLoop() {
	if t.trial.on {
		t.deviates()
	}
	t.wroteAt = t.x.G.Thr[t.id].Cur
	if t.trial.prepared {
		t.trial.prepared = false
		t.e.know(t.trial.key, loop{known: true})
	}
}

// deviates ends a trial: the thread left what was taken for a loop.
func (t *Thread) deviates() {
	t.endTrial()
	t.leave()
}

func (t *Thread) endTrial() {
	e, r := t.e, &t.trial
	l := e.loops[r.key]
	l.tried = uint8(len(r.round))
	if t.x.Random != nil {
		l = loop{known: true}
	}
	e.know(r.key, l)
	for _, key := range r.passed {
		if !e.loops[key].known {
			e.know(key, loop{known: true}) // it would end a little later
		}
	}
	r.on = false
	e.takeBack()
}

// isLoop ends a trial: the thread went round often enough.
func (t *Thread) isLoop() {
	r := &t.trial
	round := len(r.round)
	r.on = false
	t.e.seen.addWait(r.callers)
	t.e.seen.Several = t.e.seen.Several || r.several
	if t.x.Random != nil {
		t.spin.probed = true
		t.goesRound(int32(round)) // for good
	}
	t.e.know(r.key, loop{known: true, round: uint8(round)})
	t.e.takeBack()
	t.leave()
}

func (e *Engine) know(key uint64, l loop) {
	if e.loops == nil || len(e.loops) >= explore.MostKnown {
		e.loops = make(map[uint64]loop) // what is forgotten is tried again
	}
	e.loops[key] = l
}

// takeBack takes the run back: it is repeated, with what the engine knows now.
func (e *Engine) takeBack() {
	if e.attempts > mostAttempts/2 {
		e.leftAt = " at " + source.Short(source.CallSite())
	}
	e.trapped, e.x.Dead = true, true
}
