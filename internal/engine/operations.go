package engine

import (
	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
)

// operations.go is what a modelled program's threads do: each method is one
// operation of the thread that calls it, and returns when it is the thread's
// turn to go on.

// enter begins an operation that is in no round of a busy loop.
func (t *Thread) enter() *explore.Explorer {
	if t.e.stopped() {
		t.leave()
	}
	t.leavesLoop()
	t.pass()
	return t.x
}

// pass begins an operation: it lets another thread run first, when threads are taken
// at random or are alike, and counts rounds.
func (t *Thread) pass() {
	if t.trial.on {
		return
	}
	if t.symmetric {
		t.afterTwin()
	}
	if t.e.opts.Unroll > 0 {
		t.unrolls()
	}
	if t.x.Random != nil {
		if s := t.e.steered; s != nil {
			s.arrives(t)
		}
		t.block()
	}
}

// retry waits until what the last attempt lacked is there.
func (t *Thread) retry() {
	if t.e.stopped() {
		t.leave()
	}
	t.state = delayed
	t.block()
}

// Load reads the object with that tag; init is its value outside the model.
func (t *Thread) Load(at *Tag, init uint64, o Order) uint64 {
	if ev := t.again(); ev != nil && ev.Kind == graph.Read && ev.Op == OpNone && ev.Key == 0 && !ev.Has(graph.Pointer) && t.finds(at, ev, init) {
		ev = t.written(ev)
		t.script.Cur++
		t.recall(ev)
		return ev.Val
	}
	return t.load(at, init, o, false)
}

func (t *Thread) load(at *Tag, init uint64, o Order, pointer bool) uint64 {
	o = t.mutated(o, false)
	if t.e.stopped() {
		t.leave()
	}
	t.pass()
	return t.loadFrom(t.bind(at, init), o, pointer)
}

func (t *Thread) loadFrom(loc int32, o Order, pointer bool) uint64 {
	x := t.x
	var key uint64
	if x.Replayed(t.id) == nil {
		if v, _, silent := t.attends(signature{kind: graph.Read, loc: loc, order: x.Ordering(o)}); silent {
			return v
		}
		if !pointer {
			key = t.awaitLater(loc)
		}
	}
	for {
		v, ok := x.Load(t.id, loc, o, pointer, key)
		if ok {
			t.record()
			t.learn(v)
			t.waitsAgain()
			return v
		}
		t.retry()
	}
}

// Store writes the object with that tag.
func (t *Thread) Store(at *Tag, init, v uint64, o Order) {
	if ev := t.again(); ev != nil && ev.Kind == graph.Write && ev.Val == v && ev.Hist != 0 && !ev.Has(graph.Update|graph.Pointer) && t.finds(at, ev, init) {
		t.script.Cur++
		return
	}
	t.store(at, init, v, o, false)
}

func (t *Thread) store(at *Tag, init, v uint64, o Order, pointer bool) {
	o = t.mutated(o, false)
	x := t.enter()
	loc := t.bind(at, init)
	for !x.Store(t.id, loc, v, o, pointer) {
		t.retry()
	}
	t.record()
	t.passOn()
}

// Fetch performs an update of a number that always takes effect, and returns
// what it read.
func (t *Thread) Fetch(at *Tag, init uint64, op Op, arg uint64, o Order, width uint8) uint64 {
	if ev := t.again(); ev != nil && t.updates(at, ev, init, op, arg, 0) {
		return ev.Val
	}
	old, _ := t.Update(at, init, &Update{Op: op, Arg: arg, Order: o, Width: width})
	return old
}

// CompareExchange writes v where it finds expected.
func (t *Thread) CompareExchange(at *Tag, init, expected, v uint64, success, failure Order, weak bool, width uint8) (old uint64, done bool) {
	if ev := t.again(); ev != nil && t.updates(at, ev, init, OpCAS, v, expected) {
		return ev.Val, ev.Has(graph.Done)
	}
	return t.Update(at, init, &Update{Op: OpCAS, Expected: expected, Arg: v, Order: success, Fail: failure, Weak: weak, Width: width})
}

// Update performs u on the object with that tag, and returns what it read and
// whether it wrote.
func (t *Thread) Update(at *Tag, init uint64, u *Update) (old uint64, done bool) {
	u.Order = t.mutated(u.Order, false)
	if u.Op == OpCAS {
		u.Fail = t.mutated(u.Fail, true)
	}
	if t.e.stopped() {
		t.leave()
	}
	t.pass()
	x := t.x
	loc := t.bind(at, init)
	var key uint64
	if x.Replayed(t.id) == nil {
		if old, done, silent := t.attends(t.signature(loc, u)); silent {
			return old, done
		}
		if !u.Pointer {
			key = t.awaitLater(loc)
		}
	}
	if u.Weak && x.FailedSpuriously(t.id, loc) {
		u.Weak = false
	}
	for {
		old, done, ok := x.Update(t.id, loc, u, key)
		if ok {
			t.record()
			t.learn(old<<1 | uint64(truth(done)))
			t.waitsAgain()
			return old, done
		}
		t.retry()
	}
}

// Await waits until the value of the object satisfies cond (OpUntil, OpUnless
// or OpUntilGE) with expected, and returns it.
func (t *Thread) Await(at *Tag, init uint64, cond Op, expected uint64, o Order) uint64 {
	return t.await(at, init, cond, expected, false, 0, o)
}

// AwaitSwap is Await that writes v in the same step.
func (t *Thread) AwaitSwap(at *Tag, init uint64, cond Op, expected, v uint64, o Order) uint64 {
	return t.await(at, init, cond, expected, true, v, o)
}

func (t *Thread) await(at *Tag, init uint64, cond Op, expected uint64, swap bool, v uint64, o Order) uint64 {
	if got, ok := t.awaitAgain(at, init, cond, expected, v); ok {
		return got
	}
	t.enter()
	return t.awaitAt(t.bind(at, init), cond, expected, swap, v, o)
}

func (t *Thread) awaitAt(loc int32, cond Op, expected uint64, swap bool, v uint64, o Order) uint64 {
	x := t.x
	t.wait = wait{loc: loc, cond: cond, expected: expected}
	for {
		e := x.Replayed(t.id)
		switch {
		case e == nil && !t.wait.forced && !x.LatestSatisfies(loc, cond, expected):
			// The others first: most often one of them brings the value.
			t.noteWait()
			t.state = deferred
			t.block()
			continue
		case e != nil && e.Waits() && (e.RF < 0 || x.Ran(e.RF)):
			t.noteWait()
			t.state = stuck
			t.block()
			continue
		}
		got, ok := x.Await(t.id, loc, cond, expected, swap, v, o)
		if ok {
			t.record()
			t.learn(got)
			return got
		}
		if e := x.Replayed(t.id); e != nil && e.Waits() && (e.RF < 0 || x.Ran(e.RF)) {
			continue
		}
		t.retry()
	}
}

// last is the event of the operation just done.
func (t *Thread) last() int32 {
	return t.x.G.Thr[t.id].Ev[t.x.G.Thr[t.id].Cur-1]
}

// Fence is a fence.
func (t *Thread) Fence(o Order) {
	o = t.mutated(o, false)
	if t.e.stopped() {
		t.leave()
	}
	t.pass()
	x := t.x
	if x.Replayed(t.id) == nil {
		if _, _, silent := t.attends(signature{kind: graph.Fence, loc: -1, order: x.Ordering(o)}); silent {
			return
		}
	}
	for !x.Fence(t.id, o) {
		t.retry()
	}
	t.record()
	t.passOn()
}

// Choose picks one of n alternatives; the exploration tries all.
func (t *Thread) Choose(n int) int {
	x := t.enter()
	for {
		if k, ok := x.Choose(t.id, n); ok {
			t.record()
			t.learn(uint64(k))
			return k
		}
		t.retry()
	}
}

// Spawn starts a thread that runs body(data, argument), with data as its Data.
func (t *Thread) Spawn(body func(data, argument any), data, argument any) *Thread {
	if ev := t.again(); ev != nil && ev.Kind == graph.Spawn {
		t.script.Cur++
		return t.spawned(ev, body, data, argument)
	}
	x := t.enter()
	if e := t.e; e.opts.MaxThread > 0 && x.Replayed(t.id) == nil && x.G.FreeThread() >= e.opts.MaxThread {
		x.Fail(Limit, "an execution has more than %d threads: raise the bound (model.Threads), or start fewer", e.opts.MaxThread)
	}
	for {
		if ev, ok := x.Spawn(t.id, t.placeInGroup()); ok {
			t.record()
			return t.spawned(ev, body, data, argument)
		}
		t.retry()
	}
}

func (t *Thread) spawned(ev *graph.Event, body func(data, argument any), data, argument any) *Thread {
	u := t.e.thread(ev.Aux)
	u.body, u.Data, u.argument, u.end = body, data, argument, ev.Pos
	u.symmetric = ev.Arg > 1
	t.history = explore.Mix(t.history, 1)
	u.history = explore.Mix(t.history^explore.ChildHistory, 2) // not that of the parent when it reads 2
	l := &t.x.G.Loc[ev.Pos]
	l.Init, l.Name = explore.Running, ""
	return u
}

// MarkJoined notes that somebody has waited for the thread's end.
func (t *Thread) MarkJoined() { t.joined = true }

// MarkScoped notes that a scope waits for the thread's end.
func (t *Thread) MarkScoped() { t.scoped = true }

// Mine reports whether the thread belongs to the same execution as other.
func (t *Thread) Mine(other *Thread) bool { return t.e == other.e }

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
