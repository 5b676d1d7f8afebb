package engine

import (
	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// A busy loop is a wait. Its rounds read, and change nothing: a round ends where
// it began, in the same state. What such rounds are for the exploration:
//
// A round that changes nothing need not be explored further. Let an execution
// have one, after which its thread does something else. Without the round the
// thread is in the same state, so it does the same. What is left is consistent:
// fewer reads and fences order less (happens-before, coherence and psc only lose
// edges), and who read from an update of the round that wrote what it found reads
// the same from the write before that. So there is an execution without the
// round, with the same outcome, and with every race but those that an access of the
// round itself is half of. It is explored, because
// every read of the round stays in the graph, where writes that come later can
// revisit it. A thread that has completed such a round therefore waits, for
// good: its run can only be the beginning of others, or be stuck.
//
// A round that reads plain data may be half of a race, also of one whose other half
// depends on what the thread does behind the loop. So the first such round is explored like
// anything else; what is nothing is the second of two that are alike. One is enough: of an
// execution with a race, all rounds but the one that is half of it can be left out, which
// orders less. The same holds for a round whose operations use what is given back (Freed),
// unless they all use one object, which whoever leaves the loop has then used, too.
//
// A thread is stuck if its loop has no end whatever the others do not do any
// more: the memory is fair, so in the end every load reads the last value in
// coherence order. The execution in which each operation of the round reads that
// is among those explored, so it is enough to look at that one: where the round
// read another value the thread is not stuck, but the run is unfair, and not counted.
//
// SAVer (Kokologiannakis, Ren, Vafeiadis, "Dynamic Partial Order Reductions for
// Spinloops", FMCAD 2021) finds such rounds in the program text. The engine sees
// operations, and where in the source they stand. What it takes for a round:
//
//   - Behind a SpinLoop, by which the program says that it waits, the operations
//     before it, if the thread goes on with the same ones at the same places, and
//     comes to that SpinLoop again, and again; and has gone such a round before, if
//     plain data are read in it.
//   - Without SpinLoop, or if it is not to be believed (Options.Bounded), two
//     rounds of the same operations, with the same values, if the thread goes on
//     with them at the same places again and again. Two, so that what the first
//     round alone does, as to note that there was one, is explored.
//
// Whether the thread goes on like that is tried out (trial.go): a loop with a
// counter ends by itself, and is none. What a trial cannot see is a loop that
// counts its rounds for later, and does not end by the count. So the rounds are
// kept (Seen.Waits), and the report is exhaustive only if the source of
// the loop shows that it keeps nothing (package internal/beyond, Finder.Keeps).

// Longest rounds, in operations.
const (
	longestHinted = 32
	longestRound  = 16
)

// maxIdle is how many accesses to plain data a thread makes with no event in
// between before it counts as one that never ends: nothing that others do can
// end such a loop. A SpinLoop, which does nothing else, counts for ten.
const maxIdle = 10_000_000

// A spin is what an engine knows of a thread's busy loop in a run.
type spin struct {
	at      int32 // how many events there were at the last SpinLoop
	round   int32 // operations in the round after which the thread waits
	wonders bool  // whether the loop ends by itself is to be tried out when nothing else can run
	probed  bool  // it was, and does not
}

func (s *spin) reset() { *s = spin{at: -1} }

// A loop is what an engine knows of what a thread does with one history.
type loop struct {
	known bool
	round uint8 // operations in a round; 0: it is no busy loop, or not yet
	tried uint8 // rounds up to that length have been tried, and are none
}

// loopKey is the place in Engine.loops of what a thread with that history, and
// so many events, does behind a SpinLoop (0), or with an operation (1).
func loopKey(history uint64, events int32, at uint64) uint64 {
	return explore.Mix(history, uint64(events)<<1|at)
}

// record is called after each operation that is an event.
func (t *Thread) record() {
	if t.placing {
		t.notePlace()
	}
	if t.e.recording != nil {
		t.e.recording.note(t)
	}
	if len(t.e.freed) > 0 {
		t.checkFreed()
	}
}

// SpinLoop tells the engine that the thread is in a busy loop.
func (t *Thread) SpinLoop() {
	if t.e.stopped() {
		t.leave()
	}
	t.idles(10)
	if t.trial.on {
		t.spinsAgain()
		return
	}
	x := t.x
	log := x.G.Thr[t.id]
	if t.spin.at == log.Cur || t.e.opts.Bounded || t.e.opts.everyRound || x.Replayed(t.id) != nil {
		return
	}
	if t.symmetric {
		t.afterTwin() // whether this is a loop is found out when it is its turn
	}
	t.spin.at = log.Cur
	if _, ok := x.G.Harmless(log.Ev, log.Cur); !ok || t.wroteAt == log.Cur {
		return
	}
	key := loopKey(t.history, log.Cur, 0)
	switch l := t.e.loops[key]; {
	case l.known && l.round == 0:
	case l.known:
		t.goesRound(int32(l.round))
	case x.Random != nil:
		if t.wonder(longestHinted) {
			t.trial.prepare(key)
		}
	case !t.placing:
		t.place()
	default:
		t.trial.prepare(key)
	}
}

// idles counts what a thread does without an event.
func (t *Thread) idles(n int) {
	x := t.x
	if cur := x.G.Thr[t.id].Cur; t.idleAt != cur {
		t.idleAt, t.idle = cur, 0
	}
	if t.idle += n; t.idle > maxIdle {
		t.Fail(Unsupported, "%s is in a loop at %s that has used plain data ten million times, or called SpinLoop or YieldNow a million times, with no operation in between that others can see: make what it waits for an atomic, or let the loop end", t.e.shown().ThreadName(t.id), source.Short(source.CallSite()))
	}
}

// attends looks at an operation that the thread is about to do, and that is new.
// In a trial it reports what the operation finds there. Otherwise the thread
// waits, if the operation would begin a round that changes nothing once more.
func (t *Thread) attends(s signature) (val uint64, done, silent bool) {
	if t.trial.prepared {
		t.trial.prepared = false
		t.beginTrial(s)
	}
	if t.trial.on {
		val, done = t.tries(s)
		return val, done, true
	}
	round, key := t.repeats(s)
	if round == 0 || t.e.opts.everyRound || t.e.opts.Unroll > 0 { // which has an end for it
		return 0, false, false
	}
	switch l := t.e.loops[key]; {
	case l.known && l.round == 0:
	case l.known:
		t.goesRound(int32(l.round))
	case t.x.Random == nil && !t.placing:
		t.place()
	case (t.x.Random == nil || t.wonder(round)) && t.beginUnhinted(key, s):
		val, done = t.tries(s)
		return val, done, true
	}
	return 0, false, false
}

// repeats is the length of the round that the thread has gone twice, and that s
// would begin again, or 0, and where the engine keeps what it knows of that.
func (t *Thread) repeats(s signature) (round int32, key uint64) {
	ops := t.tail(2 * longestRound)
	for n := 1; 2*n <= len(ops); n++ {
		if t.roundTwice(ops, n, s) {
			return int32(n), loopKey(t.history, t.x.G.Thr[t.id].Cur, 1)
		}
	}
	return 0, 0
}

func (t *Thread) roundTwice(ops []int32, n int, s signature) bool {
	g := t.x.G
	if signatureOf(&g.Ev[ops[n-1]]) != s {
		return false
	}
	for i, a := range ops[:n] {
		ea, eb := &g.Ev[a], &g.Ev[ops[n+i]]
		if signatureOf(ea) != signatureOf(eb) || ea.Val != eb.Val {
			return false
		}
	}
	return true
}

// tail is the first events of the last operations of the thread, at most n, that
// have changed nothing, the last one first. What else the thread did between them, such as
// Observe, is in no round, so the operations before it are not among them.
func (t *Thread) tail(n int) []int32 {
	g := t.x.G
	log := g.Thr[t.id]
	t.ops = t.ops[:0]
	for end := log.Cur; len(t.ops) < n; {
		start, ok := g.Harmless(log.Ev, end)
		if !ok || start < t.wroteAt {
			break
		}
		t.ops = append(t.ops, log.Ev[start])
		end = start
	}
	return t.ops
}

// goesRound makes the thread wait: it has gone a round that changed nothing, of
// so many operations.
func (t *Thread) goesRound(round int32) {
	t.spin.round = round
	if round == 1 && t.learnWait() && t.plainAt == t.x.G.Thr[t.id].Cur {
		// From now on it waits right behind the read, before the plain data that it has used.
		t.e.takeBack()
		t.leave()
	}
	t.wait = wait{loc: -1}
	t.noteWait()
	t.state = spinning
	t.block()
}

// wonder is for executions at random, which revisit nothing: the thread goes on
// when a value that it has read in its last operations, so many, has changed.
// When nothing else can run, it reports true: then it is tried out whether the
// loop ends by itself.
func (t *Thread) wonder(ops int32) bool {
	t.spin.wonders = true
	t.goesRound(ops)
	t.spin.wonders = false
	return !t.x.ReadsStale(t.id, ops)
}
