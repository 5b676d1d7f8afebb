package runtime

// Loops without scheduling points. A goroutine that spins on a plain variable,
// or on the length of a channel, would keep the others from what it waits for.
// Go's own scheduler interrupts it after 10 ms; here sysmon does so when there
// was no scheduling point for much longer. As that is a matter of real time, a
// long computation may be interrupted, too, and its schedule may not repeat.

// fearlessForceAfter is the real time after which a loop is interrupted. It is a
// variable so that a debugger, in which real time stands for nothing, can change it.
var fearlessForceAfter int64 = 100_000_000

// fearlessForce asks the goroutine that runs on pp to let others run. It is
// called by sysmon, without a P.
//
//go:nowritebarrierrec
func fearlessForce(pp *p) {
	f := &fearless
	mp := pp.m.ptr()
	if mp == nil || mp == getg().m {
		return
	}
	gp := mp.curg
	if gp == nil || gp == mp.g0 || gp.fearless.id == 0 || gp.fearless.quiet != 0 || readgstatus(gp) != _Grunning {
		return
	}
	f.forcing.Store(true)
	gp.preempt = true
	gp.stackguard0 = stackPreempt
	if preemptMSupported {
		pp.preempt = true
		preemptM(mp)
	}
}

// fearlessForced passes the scheduling point that fearlessForce has made of the
// place where gp was preempted. It reports whether there was one.
func fearlessForced(gp *g) bool {
	f := &fearless
	if !f.forcing.Load() {
		return false
	}
	f.forcing.Store(false)
	if f.cur.ptr() != gp || !gp.fearless.listed {
		return false
	}
	fearlessNotAlone()
	gp.fearless.op, gp.fearless.addr = OpYield, 0
	gp.fearless.done++
	f.steps++
	f.forced++
	f.now += 1_000_000
	if f.tracing && len(f.events) < cap(f.events) {
		f.events = f.events[:len(f.events)+1]
		f.events[len(f.events)-1] = FearlessEvent{ID: gp.fearless.id, Op: uint8(OpYield), Pick: gp.fearless.id, Last: gp.fearless.id, Done: gp.fearless.done}
	}
	return true
}
