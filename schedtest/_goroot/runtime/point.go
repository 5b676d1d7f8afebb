package runtime

// The scheduling points.

import (
	"internal/runtime/sys"
	"unsafe"
)

// fearlessPoint is a scheduling point: the caller is about to do op to addr.
func fearlessPoint(op Op, addr unsafe.Pointer) {
	gp := getg()
	if fearlessQuick() {
		return
	}
	if gp.fearless.id == 0 || !fearless.active || gp.fearless.quiet != 0 || gp.fearless.frozen {
		return
	}
	mp := gp.m
	if mp.curg != gp || mp.locks != 0 || mp.mallocing != 0 || mp.preemptoff != "" || mp.incgo || panicking.Load() != 0 {
		return
	}
	if fearlessProving {
		fearlessProvePoint(gp, op, uintptr(addr), sys.GetCallerSP())
		return
	}
	fearlessStep(gp, op, uintptr(addr))
	fearlessOrdered(gp, op, uintptr(addr))
	if fearless.steps&fearlessTurn == 0 {
		fearlessSpins(gp, sys.GetCallerSP())
	}
	if fearless.fair && fearless.steps-fearless.births > fearlessStill && fearless.steps>>8&127 == 0 {
		fearlessWatch(gp, sys.GetCallerSP())
	}
}

// fearlessAlone is how many scheduling points need no more than to be counted,
// as fearlessGrant said. While it is not 0, f.cur runs: it is set to 0 before
// another goroutine does, and before f.cur gives up its P for a system call.
//
// Packages sync and sync/atomic pass such a point inline, and a loop that takes a
// free lock passes one every two nanoseconds. So this is all that is written
// there; fearlessSettle does the rest.
//
//go:linkname fearlessAlone
var fearlessAlone uint64

// fearlessQuick passes a scheduling point if it needs no more than to be counted.
func fearlessQuick() bool {
	if fearlessAlone == 0 {
		return false
	}
	fearlessAlone--
	return true
}

// fearlessSettle counts the points that were passed quickly. It comes
// before every use of what they change: f.steps, f.now, and done of f.cur.
//
//go:nosplit
func fearlessSettle() {
	f := &fearless
	n := f.settled - fearlessAlone
	if n == 0 {
		return
	}
	f.settled = fearlessAlone
	f.steps += n
	f.now += int64(n) * f.aloneCost
	f.cur.ptr().fearless.done += uint32(n)
}

// fearlessNotAlone ends what fearlessGrant began.
//
//go:nosplit
func fearlessNotAlone() {
	fearlessSettle()
	fearlessAlone, fearless.settled = 0, 0
}

// fearlessStep passes a scheduling point of gp.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessStep(gp *g, op Op, addr uintptr) {
	f := &fearless
	fearlessNotAlone()
	gp.fearless.op, gp.fearless.addr = op, addr
	gp.fearless.done++
	f.steps++
	f.extSince = 0
	if f.steps&fearlessTurn == 0 {
		if now := nanotime(); now-f.signAt > fearlessSignEvery {
			f.signAt = now
			fearlessSign(fearlessSignStep)
			if f.until != 0 && now > f.until {
				f.timeOver, f.maxSteps = true, 0
			}
		}
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
	if f.tracing {
		fearlessTrace(gp, op, addr)
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
	if op == OpClock && fearlessMayBeEarly(gp, pp.timers.wakeTime()) {
		mcall(fearlessSwitch) // fearlessNext lets the timer fire, or not
		return
	}
	if len(f.list) > 1 {
		// A strategy may allocate. It must not be asked to help the
		// collector then, which would be a scheduling point in its midst.
		mp := acquirem()
		next = fearlessPick(gp, false)
		releasem(mp)
	}
	// Now and then the runtime's own goroutines must have their turn: the
	// program may wait for a finalizer by spinning.
	if next != gp || op == OpYield || f.steps&fearlessTurn == 0 {
		gp.fearless.since = f.now
		f.next.set(next)
		mcall(fearlessSwitch)
	}
	if len(f.list) == 1 {
		fearlessGrant(gp, pp.timers.wakeTime())
	}
}

// fearlessGrant says for how many steps gp, which alone can run, needs no more
// than to be counted: fearlessStep would do nothing else in any of them. What
// lists another goroutine or sets a timer ends that; wake is when the next
// timer is due.
func fearlessGrant(gp *g, wake int64) {
	f := &fearless
	if f.cur.ptr() != gp || !f.active || f.tracing || f.steps >= f.maxSteps {
		return
	}
	n := min(fearlessTurn-f.steps&fearlessTurn, f.maxSteps-f.steps)
	if !f.fair {
		n = min(n, f.fairAfter-min(f.fairAfter, f.steps))
	} else if f.steps>>8&127 == 0 {
		return // fearlessWatch may have to look
	}
	f.aloneCost = fearlessStepCost()
	n = min(n, fearlessSameCost())
	if wake != 0 {
		n = min(n, uint64(max(wake-f.now-1, 0)/f.aloneCost))
	}
	fearlessAlone, f.settled = n, n
}

// fearlessTrace records the point that gp stands at.
func fearlessTrace(gp *g, op Op, addr uintptr) {
	f := &fearless
	if len(f.events) == cap(f.events) {
		return
	}
	f.events = f.events[:len(f.events)+1]
	e := &f.events[len(f.events)-1]
	*e = FearlessEvent{ID: gp.fearless.id, Op: uint8(op), Pick: gp.fearless.id, Last: gp.fearless.id, Done: gp.fearless.done, Addr: addr, Races: fearlessRaces()}
	callers(3, e.PC[:])
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
		gp.fearless.yields = gp.fearless.id == 0
		return false
	}
	if gp.fearless.quiet != 0 {
		return false
	}
	if fearlessProving {
		fearlessProveYield(gp)
		return true
	}
	fearlessStep(gp, OpYield, 0)
	if fearless.steps&fearlessTurn == 0 {
		fearlessSpins(gp, sys.GetCallerSP())
	}
	if fearless.fair && fearless.steps-fearless.births > fearlessStill && fearless.steps>>8&127 == 0 {
		fearlessWatch(gp, sys.GetCallerSP())
	}
	return true
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
	if gp.fearless.id == 0 || !fearless.active || fearlessProving {
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

//go:linkname fearless_sync sync.fearlessStop
func fearless_sync(op uint8, addr unsafe.Pointer) { fearlessPoint(Op(op), addr) }

//go:linkname fearless_atomic sync/atomic.fearlessStop
func fearless_atomic(op uint8, addr unsafe.Pointer) { fearlessPoint(Op(op), addr) }
