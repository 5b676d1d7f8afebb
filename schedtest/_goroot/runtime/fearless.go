package runtime

// The controlled run. One P runs all goroutines; those that descend from the
// test are listed here when they can run, and a Strategy (strategy.go and its
// neighbours, compiled into this package) picks the next one at every
// scheduling point. All other goroutines (the collector's, the driver's) keep
// the ordinary run queue, which goes first, so that they never change a pick.
//
// Nothing here makes a happens-before edge that the race detector could see.

import (
	"internal/runtime/sys"
	"unsafe"
)

// fearlessG is a goroutine's part, embedded in g.
type fearlessG struct {
	id     uint32 // from 1 in the order of creation in an iteration; 0: not controlled
	quiet  int32  // nesting of sections without scheduling points
	done   uint32 // scheduling points passed
	rands  uint32 // random numbers drawn
	op     Op
	listed bool // in fearless.list
	frozen bool // left over by an iteration that is over; never runs again
	addr   uintptr
}

var fearless struct {
	installed bool // a driver exists, time is virtual
	active    bool // an iteration runs
	tracing   bool

	driver   guintptr
	status   int32
	rootDone bool
	doneAt   int64
	doneStep uint64

	list []uint32   // ids of all that can run, ascending, including the running one
	all  []guintptr // by id-1; an entry is stale when its g has another id
	live int
	cur  guintptr // ran last
	last uint32   // its id
	next guintptr // picked at a scheduling point
	// resume must run next: it was preempted by the collector, not by choice.
	resume guintptr

	strategy Strategy
	first    firstThread
	random   RandomWalk
	pct      PCT
	pos      POS
	dfs      DFS
	switches Switches
	recorder Recorder
	point    Point
	window   [fearlessWindow + 1]Thread // what the strategy chooses from

	seed      uint64
	steps     uint64
	maxSteps  uint64
	changes   uint64 // steps at the last creation, end, block or wake-up of a goroutine
	idleSteps uint64 // steps at the last time that all were blocked
	fair      bool
	seen      [1 << 12]uint64 // Bloom filter of goroutines' stacks, while nothing else changes
	seenFrom  uint64          // steps when it was emptied
	seenCount int
	births    uint64 // steps at the last creation or end of a goroutine, or proof that a loop gets on
	fresh     uint64 // steps when it last learned something
	livelock  bool

	now    int64  // the virtual clock
	offset int64  // the virtual clock's lead over the real one while not installed
	start  int64  // virtual time at the start of the iteration
	cost   int64  // virtual time a step takes
	early  int64  // how far ahead a timer may fire by choice
	far    bool   // see fearlessFar
	fired  uint64 // steps at the last such choice: there is one a step, or a quick ticker would be all that runs
	reads  int64  // clock readings since time passed

	external   bool // something outside was waited for
	extSince   int64
	inPreempt  bool
	retakeTick uint64
	retakeAt   int64

	maps [256]fearlessMapUse

	events []FearlessEvent
	fatal  func()
	beat   uintptr // a file that grows while a long iteration gets on
	raceAt byte
}

// FearlessEvent is one scheduling point of a recorded run.
type FearlessEvent struct {
	ID      uint32
	Op      uint8
	Deviate bool   // the pick after it is not the default one
	Pick    uint32 // who runs after it; equal to ID when it goes on
	Last    uint32 // for a pick after a block (Op 0): who blocked
	Done    uint32
	Addr    uintptr
	PC      [10]uintptr
}

// Outcomes of an iteration.
const (
	fearlessEnded    = iota // every goroutine has ended
	fearlessBlocked         // all that remain are blocked for good
	fearlessWaiting         // the test has returned; some remain that wait for time or the outside
	fearlessTooLong         // the step budget is used up
	fearlessLivelock        // nothing has changed for long, though all ran
)

const (
	fearlessFairAfter  = 20_000
	fearlessStill      = 200_000        // steps without a change, twice, are a livelock
	fearlessGrace      = 10_000_000_000 // virtual time left to goroutines after the test has returned
	fearlessGraceSteps = 50_000         // steps left to goroutines that only spin after the test has returned, and a tenth of those of all
	fearlessExtGrace   = 20_000_000     // real time left to outside events after the test has returned
	fearlessWall       = 1_767_225_600  // the virtual wall clock starts on 2026-01-01 UTC
)

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
	f.cur, f.next, f.resume = 0, 0, 0
	f.last = 0
	f.rootDone, f.fair, f.external, f.livelock = false, false, false, false
	f.steps, f.changes, f.idleSteps, f.reads, f.fired, f.births, f.seenFrom, f.fresh = 0, 0, 0, 0, 0, 0, 0, 0
	f.maxSteps = maxSteps
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
	// How slow the machine seems is a choice too: it decides which timers
	// fire before their work is done. A test may rely on a timeout, so it
	// seems slow for a moment only, or else failures do not count: see
	// fearlessFar.
	f.cost, f.early, f.far = 1_000, 0, false
	if spec.Kind != KindFirst && spec.Kind != KindDFS {
		switch Mix(seed^0x7ead) % 16 {
		case 0, 1:
			f.cost = 5_000
		case 2, 3:
			f.cost = 10
		case 4, 5, 6:
			f.early = 1_000_000
		case 7, 8:
			f.early = 20_000_000
		case 9, 10:
			f.early, f.far = 10_000_000_000, true
		}
	}
	if !f.installed {
		f.installed = true
		f.now = nanotime() + f.offset
	}
	f.start = f.now
	if raceenabled {
		raceacquireg(gp, unsafe.Pointer(&f.raceAt))
	}
	f.active = true
	go root()
	gopark(nil, nil, waitReasonSleep, traceBlockGeneric, 1)
	if raceenabled {
		raceacquireg(gp, unsafe.Pointer(&f.raceAt))
	}
	return int(f.status)
}

// fearlessEnd gives time back to the machine, after the last iteration.
//
//go:linkname fearlessEnd testing.fearlessEnd
func fearlessEnd() {
	fearless.installed = false
	fearless.offset = fearless.now - nanotime()
}

//go:linkname fearlessRootDone testing.fearlessRootDone
func fearlessRootDone() {
	fearless.rootDone = true
	fearless.doneAt = fearless.now
	fearless.doneStep = fearless.steps
}

// fearlessFreeze takes the goroutines that remain out of all further iterations.
//
//go:linkname fearlessFreeze testing.fearlessFreeze
func fearlessFreeze() {
	for i := range fearless.all {
		if gp := fearlessOf(i); gp != nil {
			gp.fearless.frozen = true
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

// fearlessGoroutine returns the goid of the i-th goroutine of the iteration and
// whether it is alive; ok is false when there are fewer.
//
//go:linkname fearlessGoroutine testing.fearlessGoroutine
func fearlessGoroutine(i int) (id uint64, alive, ok bool) {
	if i >= len(fearless.all) {
		return 0, false, false
	}
	gp := fearlessOf(i)
	if gp == nil {
		return 0, false, true
	}
	return gp.goid, true, true
}

// fearlessSwitches sets the list that KindSwitches follows.
//
//go:linkname fearlessSwitches testing.fearlessSwitches
func fearlessSwitches(list []uint32) {
	s := &fearless.switches
	s.List = s.List[:0]
	for ; len(list) >= 3; list = list[3:] {
		s.List = append(s.List, Switch{From: list[0], At: list[1], To: list[2]})
	}
}

// fearlessPortfolio is Portfolio for the driver.
//
//go:linkname fearlessPortfolio testing.fearlessPortfolio
func fearlessPortfolio(base, i uint64, length uint32) (kind, depth uint32, seed uint64) {
	s := Portfolio(base, i, length)
	return uint32(s.Kind), s.Depth, s.Seed
}

//go:linkname fearlessDFS testing.fearlessDFS
func fearlessDFS(path []uint32) (out []uint32, more, diverged bool) {
	d := &fearless.dfs
	if path != nil {
		d.Load(path)
	}
	return d.Save(), !d.Over(), d.Diverged()
}

// fearlessFar reports whether timers may fire so early in this iteration that a
// test whose timeout they are fails for no fault of its own: then only what is
// wrong in itself counts, such as a leak.
//
//go:linkname fearlessFar testing.fearlessFar
func fearlessFar() bool { return fearless.far }

// fearlessOnFatal sets what runs on the goroutine that is about to end the process.
//
//go:linkname fearlessOnFatal testing.fearlessOnFatal
func fearlessOnFatal(fn func()) { fearless.fatal = fn }

// fearlessBeat sets the file that shows that an iteration gets on.
//
//go:linkname fearlessBeat testing.fearlessBeat
func fearlessBeat(fd uintptr) { fearless.beat = fd }

//go:linkname fearlessQuiet testing.fearlessQuiet
func fearlessQuiet(by int32) { getg().fearless.quiet += by }

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

// fearlessNew numbers a new goroutine. It runs in newproc1, where memory may be had.
func fearlessNew(newg, callergp *g) {
	f := &fearless
	newg.fearless = fearlessG{}
	if !f.active {
		return
	}
	if callergp.fearless.id == 0 && callergp != f.driver.ptr() && callergp.goid != 0 {
		return // a goroutine of the runtime or one from before
	}
	if callergp.fearless.frozen {
		newg.fearless.frozen = true
	}
	f.all = append(f.all, 0)
	f.all[len(f.all)-1].set(newg)
	newg.fearless.id = uint32(len(f.all))
	newg.fearless.op = OpStart
	f.live++
	f.changes, f.births = f.steps, f.steps
	if f.tracing && len(f.events) < cap(f.events) {
		f.events = f.events[:len(f.events)+1]
		f.events[len(f.events)-1] = FearlessEvent{ID: newg.fearless.id, Op: uint8(OpStart), Last: callergp.fearless.id, PC: [10]uintptr{newg.gopc, newg.startpc + sys.PCQuantum}}
	}
	if cap(f.list) < len(f.all)+8 {
		list := make([]uint32, len(f.list), 2*len(f.all)+64)
		copy(list, f.list)
		f.list = list
	}
}

// fearlessExit forgets a goroutine that ends.
func fearlessExit(gp *g) {
	if gp.fearless.id == 0 {
		return
	}
	f := &fearless
	if gp.fearless.listed {
		fearlessUnlist(gp)
	}
	if !gp.fearless.frozen {
		f.live--
		f.changes, f.births = f.steps, f.steps
	}
	if f.cur.ptr() == gp {
		f.cur = 0
	}
	gp.fearless.id = 0
}

// fearlessGoexit orders the end of gp before the start of the next iteration,
// for the race detector, which would else report races between iterations.
func fearlessGoexit(gp *g) {
	if gp.fearless.id != 0 {
		racereleasemergeg(gp, unsafe.Pointer(&fearless.raceAt))
	}
}

// fearlessPut lists gp, which can run now. It returns false when gp belongs on
// the ordinary queue.
func fearlessPut(gp *g) bool {
	f := &fearless
	if gp.fearless.id == 0 {
		return false
	}
	if gp.fearless.frozen {
		return true
	}
	if !f.active || getg().m.p == 0 {
		return false
	}
	if !gp.fearless.listed {
		fearlessList(gp)
	}
	return true
}

// fearlessIndex returns where id stands or belongs in the list.
func fearlessIndex(id uint32) int {
	list := fearless.list
	lo, hi := 0, len(list)
	if hi > 0 && list[hi-1] < id {
		return hi
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if list[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func fearlessList(gp *g) {
	f := &fearless
	i := fearlessIndex(gp.fearless.id)
	f.list = f.list[:len(f.list)+1]
	copy(f.list[i+1:], f.list[i:])
	f.list[i] = gp.fearless.id
	gp.fearless.listed = true
	f.changes = f.steps
}

func fearlessUnlist(gp *g) {
	f := &fearless
	i := fearlessIndex(gp.fearless.id)
	copy(f.list[i:], f.list[i+1:])
	f.list = f.list[:len(f.list)-1]
	gp.fearless.listed = false
}

// fearlessPoint is a scheduling point: the caller is about to do op to addr.
func fearlessPoint(op Op, addr unsafe.Pointer) {
	gp := getg()
	if gp.fearless.id == 0 || !fearless.active || gp.fearless.quiet != 0 || gp.fearless.frozen {
		return
	}
	mp := gp.m
	if mp.curg != gp || mp.locks != 0 || mp.mallocing != 0 || mp.preemptoff != "" || mp.incgo || panicking.Load() != 0 {
		return
	}
	fearlessStep(gp, op, uintptr(addr))
	if fearless.steps-fearless.births > fearlessStill && fearless.steps>>12&7 == 0 {
		fearlessWatch(gp, sys.GetCallerSP())
	}
}

// fearlessWatch looks for a livelock: for long no goroutine was created or
// ended, the schedule is fair, and every goroutine's stack takes only values
// that it had before. A loop that gets anywhere counts on its stack.
func fearlessWatch(gp *g, sp uintptr) {
	f := &fearless
	if f.seenFrom <= f.births {
		f.seen = [len(f.seen)]uint64{}
		f.seenFrom, f.fresh, f.seenCount = f.steps, f.steps, 0
	}
	h := uint64(gp.fearless.id)
	for p := sp; p+8 <= gp.stack.hi; p += 8 {
		v := *(*uint64)(unsafe.Pointer(p))
		if int64(v) >= f.start && int64(v) <= f.now {
			v = 0 // a time that a lock noted
		}
		h = (h ^ v) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	known := true
	for range 3 {
		word, bit := h>>6%uint64(len(f.seen)), uint64(1)<<(h&63)
		if f.seen[word]&bit == 0 {
			f.seen[word] |= bit
			known = false
		}
		h = Mix(h)
	}
	if !known {
		f.fresh = f.steps
		if f.seenCount++; f.seenCount > len(f.seen)*4 {
			f.births = f.steps
		}
	} else if f.steps-f.fresh > fearlessStill && !f.rootDone {
		f.livelock = true
		mcall(fearlessSwitch) // fearlessNext ends the iteration
	}
}

// fearlessStep passes a scheduling point of gp.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessStep(gp *g, op Op, addr uintptr) {
	f := &fearless
	gp.fearless.op, gp.fearless.addr = op, addr
	gp.fearless.done++
	f.steps++
	f.extSince = 0
	if f.steps&(1<<18-1) == 0 && f.beat != 0 {
		write(f.beat, unsafe.Pointer(&f.raceAt), 1)
	}
	if f.cur.ptr() != gp {
		// Came here by a direct switch of coroutines.
		fearlessDropCur()
		f.cur.set(gp)
		f.last = gp.fearless.id
	}
	if !gp.fearless.listed {
		fearlessList(gp)
	}
	fearlessAge()
	if f.tracing && len(f.events) < cap(f.events) {
		f.events = f.events[:len(f.events)+1]
		e := &f.events[len(f.events)-1]
		*e = FearlessEvent{ID: gp.fearless.id, Op: uint8(op), Pick: gp.fearless.id, Last: gp.fearless.id, Done: gp.fearless.done, Addr: addr}
		callers(2, e.PC[:])
	}
	if f.steps > f.maxSteps {
		mcall(fearlessSwitch) // fearlessNext ends the iteration
		return
	}
	pp := gp.m.p.ptr()
	if w := pp.timers.wakeTime(); w != 0 && w <= f.now {
		mcall(fearlessSwitch) // timers run on g0, with no goroutine as their parent
		return
	}
	next := gp
	if len(f.list) > 1 {
		next = fearlessPick(gp, false)
	}
	// Now and then the runtime's own goroutines must have their turn: the
	// program may wait for a finalizer by spinning.
	if next != gp || op == OpYield || f.steps&255 == 0 {
		f.next.set(next)
		mcall(fearlessSwitch)
	}
}

// fearlessAge lets a step's worth of time pass, and more when the goroutines
// only spin: a loop until a deadline must end.
func fearlessAge() {
	f := &fearless
	f.now += f.cost
	if since := f.steps - f.changes; since > 2_000 {
		f.now += 20_000 << min((since-2_000)>>10, 20)
	} else if f.steps-f.idleSteps > 100_000 {
		f.now += 2_000
	}
	if !f.fair && f.steps > fearlessFairAfter {
		f.fair = true
		f.random.Begin(Spec{Seed: f.seed})
	}
}

// fearlessWindow is how many goroutines a strategy chooses from. When more can
// run, it is shown those that were created about when the last one was, for
// they work on the same thing, and now and then any others.
const fearlessWindow = 64

// fearlessPick asks the strategy. gp stands at a point, or is nil when the one
// that ran last blocked or ended. It returns nil for the timer.
func fearlessPick(gp *g, timer bool) *g {
	f := &fearless
	p := &f.point
	p.Current = -1
	p.Step = f.steps
	p.Last = f.last
	p.LastDone = 0
	if f.last != 0 && int(f.last) <= len(f.all) {
		if g := f.all[f.last-1].ptr(); g != nil && g.fearless.id == f.last {
			p.LastDone = g.fearless.done
		}
	}
	from, to := 0, len(f.list)
	if to > fearlessWindow {
		middle := fearlessIndex(f.last)
		if r := Mix(f.seed + f.steps); gp == nil && r%8 == 0 {
			middle = int(r >> 8 % uint64(to))
		}
		from = min(max(middle-fearlessWindow/2, 0), to-fearlessWindow)
		to = from + fearlessWindow
	}
	n := 0
	if timer {
		f.window[0] = Thread{ID: TimerID, Op: OpTimer}
		n++
	}
	for _, id := range f.list[from:to] {
		g := f.all[id-1].ptr()
		if g == gp {
			p.Current = n
		}
		f.window[n] = Thread{ID: id, Op: g.fearless.op, Addr: g.fearless.addr, Done: g.fearless.done}
		n++
	}
	p.Threads = f.window[:n]
	var i int
	if f.fair {
		i = f.random.Pick(p)
	} else {
		i = f.strategy.Pick(p)
	}
	if uint(i) >= uint(n) {
		throw("fearless: strategy picked out of range")
	}
	if f.tracing && len(f.events) < cap(f.events) {
		fearlessRecord(gp, p, i)
	}
	if p.Threads[i].ID == TimerID {
		return nil
	}
	return f.all[p.Threads[i].ID-1].ptr()
}

func fearlessRecord(gp *g, p *Point, i int) {
	f := &fearless
	deviate := f.recorder.Record(p, i)
	var e *FearlessEvent
	if gp != nil {
		for i := len(f.events) - 1; i >= 0; i-- {
			if e = &f.events[i]; e.ID == gp.fearless.id && e.Op != uint8(OpStart) && e.Op != 0 {
				break
			}
		}
	}
	if gp == nil || e == nil {
		e = fearlessPause()
	}
	e.Last, e.Done = p.Last, p.LastDone
	e.Pick = p.Threads[i].ID
	e.Deviate = deviate
}

// fearlessPause records that the goroutine that ran last has blocked or ended.
func fearlessPause() *FearlessEvent {
	f := &fearless
	f.events = f.events[:len(f.events)+1]
	e := &f.events[len(f.events)-1]
	*e = FearlessEvent{Last: f.last}
	if f.last != 0 && fearlessOf(int(f.last-1)) != nil {
		e.Addr = 1 // blocked
	}
	return e
}

// fearlessSwitch leaves the goroutine that stands at a point; it stays listed.
func fearlessSwitch(gp *g) {
	trace := traceAcquire()
	if trace.ok() {
		trace.GoPreempt()
	}
	casgstatus(gp, _Grunning, _Grunnable)
	if trace.ok() {
		traceRelease(trace)
	}
	dropg()
	schedule()
}

// fearlessYield is a scheduling point of a goroutine that asks to be passed over.
func fearlessYield() bool {
	gp := getg()
	if gp.fearless.id == 0 || !fearless.active || gp.m.curg != gp || gp.m.locks != 0 {
		return false
	}
	if gp.fearless.quiet != 0 {
		return false
	}
	fearlessStep(gp, OpYield, 0)
	if fearless.steps-fearless.births > fearlessStill && fearless.steps>>12&7 == 0 {
		fearlessWatch(gp, sys.GetCallerSP())
	}
	return true
}

// fearlessKeep makes gp, which the collector preempts, run next.
func fearlessKeep(gp *g) {
	if fearless.active && gp.fearless.id != 0 && !gp.fearless.frozen {
		fearless.resume.set(gp)
	}
}

// fearlessDropCur unlists the goroutine that ran last if it cannot run.
func fearlessDropCur() {
	f := &fearless
	if gp := f.cur.ptr(); gp != nil && gp.fearless.listed && readgstatus(gp)&^_Gscan != _Grunnable {
		fearlessUnlist(gp)
		f.changes = f.steps
	}
}

// fearlessIntercept lists a controlled goroutine that came by an ordinary
// queue, and reports whether the scheduler must look again.
func fearlessIntercept(gp *g) bool {
	f := &fearless
	if gp.fearless.id == 0 {
		return false
	}
	if gp.fearless.frozen {
		return true
	}
	if !f.active || f.cur.ptr() == gp {
		return false
	}
	if !gp.fearless.listed {
		fearlessList(gp)
	}
	return true
}

// fearlessCheckTimers is pp.timers.check for the scheduler's loop. In virtual
// time only fearlessNext runs timers.
func fearlessCheckTimers(pp *p) (now, pollUntil int64, ran bool) {
	if !fearless.installed {
		return pp.timers.check(0, nil)
	}
	return 0, 0, false
}

// fearlessNext is the scheduler's choice when no ordinary goroutine can run. It
// returns a goroutine to run, or retry, or a real time until which to wait for
// the outside, or zeros to wait as the scheduler would.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessNext(pp *p) (next *g, until int64, retry bool) {
	f := &fearless
	if gp := f.next.ptr(); gp != nil {
		f.next = 0
		if gp.fearless.listed && readgstatus(gp) == _Grunnable {
			return fearlessRun(gp), 0, false
		}
	}
	if gp := f.resume.ptr(); gp != nil {
		f.resume = 0
		if gp.fearless.listed && readgstatus(gp) == _Grunnable {
			return fearlessRun(gp), 0, false
		}
	}
	if gcBlackenEnabled != 0 && gcShouldScheduleWorker(pp) && gcController.needIdleMarkWorker() {
		return nil, 0, false // the collector finishes first, as if in no time
	}
	if f.steps&63 == 0 && netpollinited() && netpollAnyWaiters() {
		if list, delta := netpoll(0); !list.empty() {
			injectglist(&list)
			netpollAdjustWaiters(delta)
			f.external = true
			return nil, 0, true
		} else {
			netpollAdjustWaiters(delta)
		}
	}
	var at *g
	if gp := f.cur.ptr(); gp != nil && gp.fearless.listed {
		if readgstatus(gp) == _Grunnable {
			at = gp
		} else {
			fearlessUnlist(gp)
			f.changes = f.steps
		}
	}
	if f.livelock {
		if !fearlessOutside() {
			return fearlessFinish(fearlessLivelock), 0, false
		}
		f.livelock = false
		f.births = f.steps
	}
	if f.steps > f.maxSteps {
		return fearlessFinish(fearlessTooLong), 0, false
	}
	if f.rootDone && (f.steps-f.doneStep > 10*fearlessGraceSteps || f.steps-f.changes > fearlessGraceSteps) {
		return fearlessFinish(fearlessWaiting), 0, false
	}
	w := pp.timers.wakeTime()
	if w != 0 && w <= f.now {
		pp.timers.check(f.now, nil)
		return nil, 0, true
	}
	if len(f.list) == 0 {
		return fearlessIdle(pp)
	}
	// Only when the goroutine that ran has blocked: a timer is early because
	// those that can run are late, not because one was paused in its stride.
	early := w != 0 && w <= f.now+f.early && f.fired != f.steps && at == nil
	if len(f.list) == 1 && !early {
		if f.tracing && at == nil && len(f.events) < cap(f.events) {
			fearlessPause().Pick = f.list[0]
		}
		return fearlessRun(f.all[f.list[0]-1].ptr()), 0, false
	}
	gp := fearlessPick(at, early)
	if gp == nil {
		f.fired = f.steps
		f.now = max(f.now, w)
		pp.timers.check(f.now, nil)
		return nil, 0, true
	}
	if readgstatus(gp) != _Grunnable {
		fearlessUnlist(gp)
		return nil, 0, true
	}
	return fearlessRun(gp), 0, false
}

func fearlessRun(gp *g) *g {
	f := &fearless
	f.cur.set(gp)
	f.last = gp.fearless.id
	f.extSince = 0
	return gp
}

// fearlessIdle lets time pass to the next timer, waits for the outside, or ends
// the iteration. Nothing controlled can run.
func fearlessIdle(pp *p) (next *g, until int64, retry bool) {
	f := &fearless
	if f.live == 0 {
		return fearlessFinish(fearlessEnded), 0, false
	}
	// Timers that were stopped must not count.
	ts := &pp.timers
	ts.lock()
	if len(ts.heap) > 0 {
		ts.adjust(f.now, true)
	}
	ts.unlock()
	w := ts.wakeTime()
	if f.rootDone && w > f.doneAt+fearlessGrace {
		w = 0
	}
	f.idleSteps = f.steps
	f.reads = 0
	if fearlessOutside() {
		f.external = true
		real := nanotime()
		if f.extSince == 0 {
			f.extSince = real
		}
		switch {
		case w != 0 && real-f.extSince < w-f.now:
			return nil, f.extSince + (w - f.now), false
		case w != 0:
			f.extSince = 0
		case f.rootDone && real-f.extSince < fearlessExtGrace:
			return nil, f.extSince + fearlessExtGrace, false
		case f.rootDone:
			return fearlessFinish(fearlessWaiting), 0, false
		default:
			return nil, 0, false
		}
	}
	if w != 0 {
		if f.tracing && len(f.events) < cap(f.events) {
			fearlessPause().Op = uint8(OpTimer)
		}
		f.now = max(f.now, w)
		ts.check(f.now, nil)
		return nil, 0, true
	}
	if f.rootDone && ts.wakeTime() != 0 {
		return fearlessFinish(fearlessWaiting), 0, false
	}
	return fearlessFinish(fearlessBlocked), 0, false
}

// fearlessOutside reports whether a controlled goroutine waits for something
// that is not one of the goroutines: a system call, the network, the collector.
func fearlessOutside() bool {
	f := &fearless
	if gcphase != _GCoff {
		return true
	}
	for i := range f.all {
		gp := fearlessOf(i)
		if gp == nil {
			continue
		}
		switch readgstatus(gp) &^ _Gscan {
		case _Gsyscall, _Gpreempted:
			return true
		case _Gwaiting:
			switch gp.waitreason {
			case waitReasonIOWait, waitReasonGCSweepWait, waitReasonGCAssistMarking, waitReasonGCAssistWait,
				waitReasonStoppingTheWorld, waitReasonWaitForGCCycle, waitReasonGarbageCollection, waitReasonFlushProcCaches:
				return true
			}
		}
	}
	return false
}

// fearlessFinish ends the iteration and returns the driver, to run next.
func fearlessFinish(status int32) *g {
	f := &fearless
	f.active = false
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

// fearlessNow is the clock of timers and of package time.
func fearlessNow() int64 {
	if fearless.installed {
		return fearless.now
	}
	return nanotime() + fearless.offset
}

// fearlessReadClock is fearlessNow for a program that looks at the clock: each
// look takes a little time, and more and more when it does nothing else.
func fearlessReadClock() int64 {
	f := &fearless
	if f.installed && f.active && getg().fearless.id != 0 {
		f.reads++
		f.now += 100 << min(f.reads>>7, 22)
	}
	return fearlessNow()
}

// fearlessWallClock is time.Now's answer.
func fearlessWallClock() (sec int64, nsec int32, mono int64) {
	if !fearless.installed || !fearless.active {
		sec, nsec, _ = time_now()
		return sec, nsec, fearlessNow()
	}
	mono = fearlessReadClock()
	d := mono - fearless.start
	return fearlessWall + d/1_000_000_000, int32(d % 1_000_000_000), mono
}

// fearlessRandom is the next number of gp's own sequence, so that taking a
// switch out of a schedule does not change the choices of other goroutines.
//
//go:nosplit
func fearlessRandom(gp *g) uint64 {
	gp.fearless.rands++
	z := fearless.seed + uint64(gp.fearless.id)<<32 + uint64(gp.fearless.rands)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fearlessRandn is cheaprandn for a choice that the program can see.
//
//go:nosplit
func fearlessRandn(n uint32) uint32 {
	gp := getg()
	if gp.fearless.id == 0 || !fearless.active {
		return cheaprandn(n)
	}
	return uint32(uint64(uint32(fearlessRandom(gp))) * uint64(n) >> 32)
}

// fearlessHold reports whether sysmon should leave the P alone. A goroutine is
// preempted by choice only, and keeps its P in a system call unless that takes
// long: then the others go on, and the run is no longer exact.
func fearlessHold(now int64) bool {
	f := &fearless
	if !f.active {
		return false
	}
	pp := allp[0]
	tick := uint64(pp.schedtick)<<32 ^ uint64(pp.syscalltick) ^ f.steps<<16
	if tick != f.retakeTick {
		f.retakeTick, f.retakeAt = tick, now
		return true
	}
	if now-f.retakeAt < 20_000_000 {
		return true
	}
	return false
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
	fn()
}

// fearlessProcs is GOMAXPROCS while one P does the work of many: the program
// sees what it sets.
var fearlessProcs int32 = 4

func fearlessGOMAXPROCS(n int) int {
	old := int(fearlessProcs)
	if n > 0 {
		fearlessProcs = int32(n)
	}
	return old
}

// fearlessMapUse remembers who wrote to a map of late.
type fearlessMapUse struct {
	addr   uintptr
	id     uint32
	times  uint32
	shared bool
}

// fearless_map is a scheduling point in a write to the map at addr: the first
// few times that a goroutine writes to it, and always once several have. A map
// that one goroutine fills for itself is not worth more.
//
//go:linkname fearless_map internal/runtime/maps.fearlessMap
func fearless_map(addr unsafe.Pointer) {
	gp := getg()
	if gp.fearless.id == 0 || !fearless.active {
		return
	}
	u := &fearless.maps[Mix(uint64(uintptr(addr)))%uint64(len(fearless.maps))]
	if u.addr != uintptr(addr) {
		*u = fearlessMapUse{addr: uintptr(addr), id: gp.fearless.id}
	}
	if u.id != gp.fearless.id {
		u.shared = true
	}
	if u.times++; u.times <= 4 || u.shared {
		fearlessPoint(OpMap, addr)
	}
}

// The scheduling points of other packages.

//go:linkname fearless_sync sync.fearlessPoint
func fearless_sync(op uint8, addr unsafe.Pointer) { fearlessPoint(Op(op), addr) }

//go:linkname fearless_atomic sync/atomic.fearlessPoint
func fearless_atomic(op uint8, addr unsafe.Pointer) { fearlessPoint(Op(op), addr) }
