package runtime

// What the driver in package testing calls.

import "unsafe"

// fearlessBegin makes the caller the driver and starts an iteration of root.
// It returns the outcome when all has ended or come to a stop.
//
//go:linkname fearlessBegin testing.fearlessBegin
func fearlessBegin(root func(), kind, depth, length uint32, seed uint64, maxSteps uint64, events []FearlessEvent) int {
	f := &fearless
	gp := getg()
	f.driver.set(gp)
	f.list = f.list[:0]
	f.all = f.all[:0]
	f.live = 0
	fearlessAlone, f.settled = 0, 0
	f.cur, f.next, f.resume = 0, 0, 0
	f.last = 0
	f.rootDone, f.fair, f.external, f.livelock = false, false, false, false
	f.steps, f.changes, f.idleSteps, f.reads, f.fired, f.births, f.seenFrom, f.fresh, f.readStep, f.dryReads, f.idleFires = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
	f.stillReads, f.readChanges = 0, 0
	f.maxSteps, f.timeOver, f.asleep = maxSteps, false, false
	f.fairAfter = fearlessFairAfter
	if Kind(kind) == KindPCT {
		// Its bound holds for as long as a run is thought to be.
		f.fairAfter = max(f.fairAfter, uint64(length))
	}
	f.seed = seed
	f.extSince = 0
	f.maps = [len(f.maps)]fearlessMapUse{}
	f.events = events[:0]
	f.tracing = cap(events) > 0
	f.recorder.Begin()
	spec := Spec{Kind: Kind(kind), Depth: depth, Length: length, Seed: Mix(seed)}
	switch spec.Kind {
	case KindRandom:
		f.strategy = &f.random
	case KindPCT:
		f.strategy = &f.pct
	case KindPOS:
		f.strategy = &f.pos
	case KindDFS:
		f.strategy = &f.dfs
	case KindSwitches:
		f.strategy = &f.switches
	default:
		f.strategy = &f.first
	}
	f.strategy.Begin(spec)
	f.choosing = spec.Kind == KindDFS || spec.Kind == KindSwitches && len(f.switches.Choices) > 0
	fearlessDrawLateness(spec.Kind, seed)
	f.iteration++
	fearlessBeginSignals()
	fearlessChances, fearlessDraws = 0, 0
	f.forced, f.rounds, f.spun, f.spinning = 0, 0, 0, false
	f.sweeper, f.sweep = 0, false
	f.asideSteps, f.asideRounds = 0, 0
	if fearlessProving {
		fearlessProveReset()
	}
	if !f.installed {
		f.installed = true
		f.now = nanotime() + f.offset
	}
	f.start, f.ranAt = f.now, f.now
	if raceenabled {
		raceacquireg(gp, unsafe.Pointer(&f.raceAt))
	}
	f.active = true
	go root()
	// A test that looks for goroutines left, by their stacks, must find those that
	// go test has, and no other. Nothing but isSystemGoroutine asks this of the
	// driver: it is of no iteration.
	gp.fearless.frozen = true
	sched.ngsys.Add(1)
	gopark(nil, nil, waitReasonSleep, traceBlockGeneric, 1)
	gp.fearless.frozen = false
	sched.ngsys.Add(-1)
	if raceenabled {
		raceacquireg(gp, unsafe.Pointer(&f.raceAt))
	}
	fearlessDropTimers()
	return int(f.status)
}

// fearlessEnd gives time back to the machine, after the last iteration.
//
//go:linkname fearlessEnd testing.fearlessEnd
func fearlessEnd() {
	fearlessNotAlone()
	fearless.installed = false
	fearless.offset = fearless.now - nanotime()
}

//go:linkname fearlessRootDone testing.fearlessRootDone
func fearlessRootDone() {
	fearlessSettle()
	fearless.rootDone = true
	fearless.doneAt, fearless.returnedAt, fearless.doneReal = fearless.now, fearless.now, nanotime()
	fearless.doneStep = fearless.steps
}

// fearlessFreeze takes the goroutines that remain out of all further iterations.
// Nobody sees them any more either: a test that looks for leaks, or TestMain,
// would find those of schedules that were nothing to report.
//
//go:linkname fearlessFreeze testing.fearlessFreeze
func fearlessFreeze() {
	for i := range fearless.all {
		if gp := fearlessOf(i); gp != nil {
			gp.fearless.frozen = true
			sched.ngsys.Add(1)
		}
	}
}

// fearlessStats tells about the iteration: steps, goroutines created and alive,
// recorded events, whether something outside was waited for, whether the test
// has returned, and bytes in the heap.
//
//go:linkname fearlessStats testing.fearlessStats
func fearlessStats() (steps uint64, created, live, events int, external, rootDone bool, heap uint64) {
	f := &fearless
	return f.steps, len(f.all), f.live, len(f.events), f.external, f.rootDone, gcController.heapLive.Load()
}

// fearlessGoroutine returns the goid of the i-th goroutine of the iteration,
// whether it is alive, and whether fearlessLeaks counted it; ok is false when
// there are fewer.
//
//go:linkname fearlessGoroutine testing.fearlessGoroutine
func fearlessGoroutine(i int) (id uint64, alive, leaked, ok bool) {
	if i >= len(fearless.all) {
		return 0, false, false, false
	}
	gp := fearlessOf(i)
	if gp == nil {
		return 0, false, false, true
	}
	return gp.goid, true, readgstatus(gp)&^_Gscan == _Gleaked, true
}

// fearlessLeaks counts the goroutines of the iteration that are blocked for
// good although others still run. It collects garbage by the rule of
// goroutineLeakGC: a goroutine is live if it can run, or if one that is live
// reaches what it waits for.
//
//go:linkname fearlessLeaks testing.fearlessLeaks
func fearlessLeaks() (n int) {
	goroutineLeakGC()
	for i := range fearless.all {
		if _, _, leaked, _ := fearlessGoroutine(i); leaked {
			n++
		}
	}
	return n
}

// fearlessSwitches sets the lists that KindSwitches follows.
//
//go:linkname fearlessSwitches testing.fearlessSwitches
func fearlessSwitches(list, choices []uint32) {
	s := &fearless.switches
	s.List = fearlessTriples(s.List[:0], list)
	s.Choices = fearlessTriples(s.Choices[:0], choices)
}

func fearlessTriples(to []Switch, list []uint32) []Switch {
	for ; len(list) >= 3; list = list[3:] {
		to = append(to, Switch{From: list[0], At: list[1], To: list[2]})
	}
	return to
}

// fearlessPortfolio is Portfolio for the driver.
//
//go:linkname fearlessPortfolio testing.fearlessPortfolio
func fearlessPortfolio(base, i uint64, length uint32) (kind, depth uint32, seed uint64) {
	s := Portfolio(base, i, length)
	return uint32(s.Kind), s.Depth, s.Seed
}

//go:linkname fearlessDFS testing.fearlessDFS
func fearlessDFS(path []uint32) (out []uint32, more, complete bool) {
	d := &fearless.dfs
	if path != nil {
		d.Load(path)
	}
	return d.Save(), !d.Over(), d.Complete()
}

// fearlessOnFatal sets what runs on the goroutine that is about to end the process.
//
//go:linkname fearlessOnFatal testing.fearlessOnFatal
func fearlessOnFatal(fn func()) { fearless.fatal = fn }

// fearlessBeat sets the file that shows that an iteration gets on.
//
//go:linkname fearlessBeat testing.fearlessBeat
func fearlessBeat(fd uintptr) {
	fearless.beat = fd
	if fearlessNetIsUnfit() {
		fearlessNetUnfit() // before there was a file to say so
	}
}

// What is written to that file.
const (
	fearlessSignStep    = 's' // many more scheduling points were passed
	fearlessSignOutside = 'o' // all wait for something outside, from now on
	fearlessSignNet     = 'n' // the program needs the system's network

	fearlessSignEvery = 500_000_000 // real time between two of the first
)

func fearlessSign(what byte) {
	if fearless.beat != 0 {
		fearless.sign = what
		write(fearless.beat, unsafe.Pointer(&fearless.sign), 1)
	}
}

//go:linkname fearlessQuiet testing.fearlessQuiet
func fearlessQuiet(by int32) {
	fearlessNotAlone()
	getg().fearless.quiet += by
}

// fearlessGC collects for the driver and empties sync.Pools, so that an
// iteration finds them as the first one did.
//
//go:linkname fearlessClearPools testing.fearlessClearPools
func fearlessClearPools() {
	// Safe outside a stop of the world: with one P, nobody is pinned to a
	// pool while the driver runs.
	if poolcleanup != nil {
		mp := acquirem()
		poolcleanup()
		poolcleanup()
		releasem(mp)
	}
}

func fearlessOf(i int) *g {
	gp := fearless.all[i].ptr()
	if gp == nil || gp.fearless.id != uint32(i+1) || gp.fearless.frozen {
		return nil
	}
	return gp
}

// fearlessFinish ends the iteration and returns the driver, to run next.
func fearlessFinish(status int32) *g {
	f := &fearless
	f.active = false
	fearlessNotAlone()
	fearlessAsideBack()
	f.status = status
	f.cur = 0
	for _, id := range f.list {
		f.all[id-1].ptr().fearless.listed = false
	}
	f.list = f.list[:0]
	gp := f.driver.ptr()
	trace := traceAcquire()
	casgstatus(gp, _Gwaiting, _Grunnable)
	if trace.ok() {
		trace.GoUnpark(gp, 0)
		traceRelease(trace)
	}
	return gp
}

// fearlessFatal runs the driver's hook on a goroutine that is about to end the process.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessFatal() {
	gp := getg()
	f := &fearless
	if f.fatal == nil || gp.fearless.id == 0 || gp.m.curg != gp || gp.m.locks != 0 {
		return
	}
	fn := f.fatal
	f.fatal = nil
	f.active = false
	fearlessNotAlone()
	fn()
}

// fearlessSetUntil has iterations given up that are not over in so many nanoseconds
// of real time from now, all together.
//
//go:linkname fearlessSetUntil testing.fearlessSetUntil
func fearlessSetUntil(ns int64) { fearless.until = nanotime() + ns }

// fearlessAsleep reports whether the iteration has left goroutines that wait for a
// timer which is due later than they are given: whether they end is not known.
//
//go:linkname fearlessAsleep testing.fearlessAsleep
func fearlessAsleep() bool { return fearless.asleep }

// fearlessTimeOver reports whether the iteration was given up for that.
//
//go:linkname fearlessTimeOver testing.fearlessTimeOver
func fearlessTimeOver() bool { return fearless.timeOver }
