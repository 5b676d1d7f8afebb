package runtime

// The points of an iteration that proves.

import (
	"internal/runtime/sys"
	"unsafe"
)

// fearlessProvePoint is fearlessPoint when proving, for the operations that
// need no more said than their object.
func fearlessProvePoint(gp *g, op Op, addr, sp uintptr) {
	what := uint8(0)
	switch op {
	case OpLock:
		what = pvLock
	case OpUnlock:
		what = pvUnlock
	case OpRead:
		what = pvLoad
	case OpWrite:
		what = pvStore
	case OpClose:
		what = pvClose
	default:
		// A go statement is local: no other can see it, and the new
		// goroutine stands before its first operation soon enough. Use of a
		// map by several goroutines at a time is a data race, and judged as such.
		return
	}
	p := &gp.fearless.proof
	if p.macro != 0 || fearlessProof.drain {
		return
	}
	p.guard, p.size = 0, 0
	if what == pvLock {
		p.guard = addr // the lock's state is its first word
	}
	fearlessStop(gp, op, what, addr, 0, sp)
}

// fearlessProveYield is Gosched when proving. It changes nothing that others can
// see; but a goroutine that does nothing else must not go on for ever.
func fearlessProveYield(gp *g) {
	if fearless.steps++; fearless.steps > fearless.maxSteps && fearlessAtPoint(gp) {
		fearlessLimit(fearlessCut, fearlessGoesRound, 1)
		mcall(fearlessSwitch)
	}
}

// fearlessAtPoint reports whether gp, which runs, may stand at a point here.
func fearlessAtPoint(gp *g) bool {
	if gp.fearless.id == 0 || !fearless.active || gp.fearless.quiet != 0 || gp.fearless.proof.macro != 0 || gp.fearless.frozen {
		return false
	}
	mp := gp.m
	return mp.curg == gp && mp.locks == 0 && mp.mallocing == 0 && mp.preemptoff == "" && !mp.incgo && panicking.Load() == 0 && !fearlessProof.drain
}

// fearlessProve is a point before the operation what on obj; guard and arg are
// as fearlessProofG says. It returns the alternative that the explorer chose.
func fearlessProve(what uint8, obj, guard unsafe.Pointer, arg uint64) uint8 {
	gp := getg()
	if !fearlessAtPoint(gp) {
		return 0
	}
	op := OpWrite
	switch what {
	case pvLock, pvTryLock, pvRLock, pvTryRLock, pvAnnounce, pvDrained, pvTryWLock, pvWait, pvOnce:
		op = OpLock
	case pvUnlock, pvRUnlock, pvWUnlock, pvAdd, pvOnceEnd:
		op = OpUnlock
	case pvCondWait, pvTicket, pvSignal, pvBroadcast:
		op = OpCond
	case pvLoad, pvMapRead, pvMapRange, pvMapRanged, pvLen, pvClock, pvFailed:
		op = OpRead
	}
	gp.fearless.proof.guard = uintptr(guard)
	return fearlessStop(gp, op, what, uintptr(obj), arg, sys.GetCallerSP())
}

// fearlessProveWord is a point before an atomic operation on a word of so many
// bytes. arg is the value that a compare-and-swap fails without, or that a swap stores.
func fearlessProveWord(what uint8, addr unsafe.Pointer, size uint8, old uint64) {
	gp := getg()
	if !fearlessAtPoint(gp) {
		return
	}
	op := OpWrite
	if what == pvLoad {
		op = OpRead
	}
	if size == 4 {
		old = uint64(uint32(old))
	}
	gp.fearless.proof.guard, gp.fearless.proof.size = 0, size
	fearlessStop(gp, op, what, uintptr(addr), old, sys.GetCallerSP())
}

// fearlessProveChan is a point before a send or a receive.
func fearlessProveChan(op Op, c *hchan, block bool) {
	gp := getg()
	if !fearlessAtPoint(gp) {
		return
	}
	what := uint8(pvSend)
	switch {
	case op == OpRecv && block:
		what = pvRecv
	case op == OpRecv:
		what = pvTryRecv
	case !block:
		what = pvTrySend
	}
	gp.fearless.proof.guard = 0
	fearlessStop(gp, op, what, uintptr(unsafe.Pointer(c)), 0, sys.GetCallerSP())
}

// fearlessProveSelect is a point before a select.
func fearlessProveSelect(cas0 *scase, nsends, nrecvs int, block bool) {
	gp := getg()
	if !fearlessAtPoint(gp) {
		return
	}
	if nsends+nrecvs > 64 {
		fearlessLimit(fearlessCut, fearlessTooManyCases, 1)
		return
	}
	p := &gp.fearless.proof
	p.cases = gp.stack.hi - uintptr(unsafe.Pointer(cas0))
	p.guard = 0
	p.nsends, p.ncases, p.block = uint16(nsends), uint16(nsends+nrecvs), block
	fearlessStop(gp, OpSelect, pvSelect, 0, 0, sys.GetCallerSP())
}

// fearlessStop has gp, which runs, stand at a point until its event is next. sp is
// the stack pointer of who asks.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessStop(gp *g, op Op, what uint8, obj uintptr, arg uint64, sp uintptr) uint8 {
	f := &fearless
	p := &gp.fearless.proof
	fearlessNotAlone()
	gp.fearless.op, gp.fearless.addr = op, obj
	gp.fearless.done++
	f.steps++
	f.extSince = 0
	if f.steps&(1<<18-1) == 0 {
		fearlessSign(fearlessSignStep)
	}
	if f.cur.ptr() != gp {
		fearlessDropCur()
		f.cur.set(gp)
		f.last = gp.fearless.id
	}
	if !gp.fearless.listed {
		fearlessList(gp)
	}
	if f.tracing {
		fearlessTrace(gp, op, obj)
	}
	if obj >= gp.stack.lo && obj < gp.stack.hi {
		// Its own: no other can see it. What may never let it go on does not now.
		p.what = what
		p.stuck = p.guard != 0 && !fearlessOpen(gp)
		obj, p.guard = 0, 0
	} else {
		p.stuck = false
	}
	fearlessProveUnseen(gp)
	p.what, p.obj, p.arg = what, obj, arg
	p.place = fearlessPlace(what)
	if fearlessProof.decider == fearlessByStrategy && fearlessProof.watch {
		if pc := fearlessUserPC(""); pc != 0 {
			// In any order of the goroutines the same.
			p.path++
			fearlessProof.path += Mix(uint64(p.name)<<40 ^ uint64(p.path)<<52 ^ uint64(pc) ^ uint64(what)<<32)
		}
	}
	if fearlessProof.decider == fearlessByPicks {
		p.own = fearlessUserPC("") != 0
	}
	fearlessRound(gp, sp)
	p.at = true
	mp := acquirem()
	next := fearlessDecide()
	releasem(mp)
	// Now and then the runtime's own goroutines must have their turn: the
	// program may wait for a finalizer.
	if next != gp || f.steps&fearlessTurn == 0 {
		if next != nil {
			f.next.set(next)
		}
		mcall(fearlessSwitch)
	}
	return p.variant
}

// fearlessPlace is a hash of where the goroutine that runs stands.
func fearlessPlace(what uint8) uint64 {
	h := uint64(what) + 1
	fp := getfp()
	if fp == 0 {
		return h
	}
	var pcs [8]uintptr
	for _, pc := range pcs[:fpTracebackPCs(unsafe.Pointer(fp), pcs[:])] {
		h = Mix(h ^ uint64(pc-firstmoduledata.text)) // the same in every process
	}
	return h
}
