package runtime

// What an iteration leaves behind when its test has returned: goroutines, which
// get time to end, and timers.

import "unsafe"

// fearlessAwaitSweep waits until the goroutines that the test has left are at
// rest, if there are any. It reports whether the caller, the root of the
// iteration, is to collect garbage: what finalizers and cleanups end is no leak.
// The others then get more time.
//
//go:linkname fearlessAwaitSweep testing.fearlessAwaitSweep
func fearlessAwaitSweep() bool {
	f := &fearless
	if f.live <= 1 || fearlessProving {
		return false
	}
	f.sweeper.set(getg())
	gopark(nil, nil, waitReasonSleep, traceBlockGeneric, 1)
	return f.sweep
}

// fearlessWakeSweeper wakes the root of the iteration, to collect garbage or to
// end. It reports whether it was not awake.
func fearlessWakeSweeper(sweep bool) bool {
	f := &fearless
	gp := f.sweeper.ptr()
	if gp == nil {
		return false
	}
	f.sweeper, f.sweep = 0, sweep
	if sweep {
		f.doneAt = f.now - fearlessGrace + fearlessSecondGrace
		f.doneStep, f.changes = f.steps, f.steps
	}
	goready(gp, 1)
	return true
}

// fearlessSecondGrace is the virtual time that goroutines get after a collection.
const fearlessSecondGrace = 2_000_000_000

// fearlessPolls reports whether goroutines remain that poll.
func fearlessPolls() bool {
	for i := range fearless.all {
		if fearlessPolling(i) {
			return true
		}
	}
	return false
}

// fearlessPolling reports whether the i-th goroutine of the iteration goes round
// a loop, woken by timers: it was woken again and again since the test has
// returned, and not only at first.
//
//go:linkname fearlessPolling testing.fearlessPolling
func fearlessPolling(i int) bool {
	f := &fearless
	gp := fearlessOf(i)
	return gp != nil && i > 0 && gp.fearless.wakes >= fearlessFewWakes && gp.fearless.since-f.returnedAt >= (f.now-f.returnedAt)/3
}

// fearlessFewWakes is how often a goroutine is woken, at least, that polls.
const fearlessFewWakes = 3

// fearlessAhead looks ahead: it reports whether the goroutines that remain have
// come round to stacks that they had before so often that they are taken to go
// on for ever, and need not be run until the time that they are given is over. A
// loop that counts on its stack is not, for it never comes round. One that counts
// only in the heap is taken for endless after this many rounds.
func fearlessAhead() bool {
	f := &fearless
	h := uint64(0)
	for i := 1; i < len(f.all); i++ {
		gp := fearlessOf(i)
		if gp == nil || readgstatus(gp)&^_Gscan != _Gwaiting {
			continue
		}
		for p := gp.sched.sp; p+8 <= gp.stack.hi; p += 8 {
			v := *(*uint64)(unsafe.Pointer(p))
			if int64(v) >= f.start && int64(v) <= f.now+fearlessPatience || spanOf(uintptr(v)) != nil {
				v = 0 // a time, or the address of what is made in each round
			}
			h = (h ^ v) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
	}
	h = Mix(h)
	if f.rounds == 0 || f.births > f.roundsFrom {
		f.seen = [len(f.seen)]uint64{}
		f.roundsFrom = f.steps
		f.rounds = 0
	}
	word, bit := h>>6%uint64(len(f.seen)), uint64(1)<<(h&63)
	if f.seen[word]&bit == 0 {
		f.seen[word] |= bit
		f.rounds = 0
	}
	f.rounds++
	return f.rounds > fearlessRounds
}

// fearlessRounds is how often a loop comes round that is said to be endless.
const fearlessRounds = 1_000

// fearlessDropTimers stops the timers that the iteration has left: they would
// fire in another one.
func fearlessDropTimers() {
	for {
		var left [64]*timer // nothing may be allocated while the heap is locked
		n := 0
		mp := acquirem()
		ts := &mp.p.ptr().timers
		ts.lock()
		for i := range ts.heap {
			if t := ts.heap[i].timer; t.fearless == fearless.iteration && t.state&timerZombie == 0 && n < len(left) {
				left[n] = t
				n++
			}
		}
		ts.unlock()
		releasem(mp)
		for _, t := range left[:n] {
			t.stop()
		}
		if n < len(left) {
			return
		}
	}
}

// fearlessOwnTimer notes which iteration t is of, if a goroutine of one sets it.
func fearlessOwnTimer(t *timer) {
	fearlessNotAlone()
	gp := getg()
	if gp == gp.m.g0 {
		return
	}
	t.fearless = 0
	if gp.fearless.id != 0 && fearless.active {
		t.fearless = fearless.iteration
	}
}

// fearlessSleeps does so for gp, which goes to sleep.
func fearlessSleeps(gp *g) {
	gp.timer.fearless = 0
	if gp.fearless.id != 0 && fearless.active {
		gp.timer.fearless = fearless.iteration
	}
}

// fearlessOwnTimers reports whether a timer is set that the iteration has set.
func fearlessOwnTimers() (some bool) {
	mp := acquirem()
	ts := &mp.p.ptr().timers
	ts.lock()
	for i := range ts.heap {
		if t := ts.heap[i].timer; t.fearless == fearless.iteration && t.state&timerZombie == 0 {
			some = true
			break
		}
	}
	ts.unlock()
	releasem(mp)
	return some
}
