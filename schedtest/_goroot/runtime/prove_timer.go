package runtime

import "unsafe"

// fearlessEffect reports whether it makes a difference when t fires.
func fearlessEffect(t *timer) bool {
	f := &fearless
	if t.state&timerZombie != 0 || t.when <= 0 || f.rootDone && t.when > f.doneAt+fearlessGrace {
		return false
	}
	if t.isChan && t.period > 0 {
		if c := t.hchan(); c.qcount == c.dataqsiz {
			return false // a tick that is dropped
		}
	}
	return true
}

// fearlessEarliest returns the timer that fires next.
func fearlessEarliest() *timer {
	var first *timer
	for _, tw := range getg().m.p.ptr().timers.heap {
		if t := tw.timer; (first == nil || t.when < first.when) && fearlessEffect(t) {
			first = t
		}
	}
	return first
}

// fearlessTimerDue reports whether a timer may fire before the next step. others
// says that a goroutine can run.
func fearlessTimerDue(others bool) bool {
	t := fearlessEarliest()
	return t != nil && (!others || fearlessSoon(t))
}

// fearlessSoon reports whether t may fire while goroutines can run. It may not if
// they would be later for it than is assumed: they could run when the timer before
// it fired, at the latest, for that is what the clock shows. So every execution in
// which none is that late is among those that remain.
func fearlessSoon(t *timer) bool {
	return !fearlessProof.ideal && t.when <= fearless.now+fearlessMostLate
}

// fearlessMostLate is how late a goroutine may be for a timer: as much as timers
// have after the test has returned, since it may be the test's that is late.
const fearlessMostLate = fearlessGrace

// fearlessClockAccess is an access to the clock. Its state is whether a timer is set
// that may fire while goroutines can run. Where none is, but a timer fires, no event of a
// goroutine is enabled, so that there is none in whose place it could fire.
func fearlessClockAccess(mode DporMode) DporAccess {
	a := DporAccess{Object: fearlessClockObject, Mode: mode, Test: DporKnown}
	for _, tw := range getg().m.p.ptr().timers.heap {
		if t := tw.timer; t.state&timerZombie == 0 && t.when > 0 && fearlessSoon(t) {
			a.State = 1
		}
	}
	return a
}

// fearlessClock is what the timer's event touches.
func fearlessClock() []DporAccess {
	v := &fearlessProof
	from := v.used
	a := fearlessClockAccess(DporWrite)
	a.Test, a.Want = DporGuard, 1
	fearlessAdd(a)
	if t := fearlessEarliest(); t != nil && t.isChan {
		c := t.hchan()
		fearlessAdd(fearlessChanAccess(c, DporWrite))
		fearlessTouchWaiters(&c.recvq, c, false)
	}
	return v.accesses[from:v.used:v.used]
}

// fearlessFire fires the next timer, and before it those whose ticks are dropped.
func fearlessFire(pp *p) {
	f, v := &fearless, &fearlessProof
	v.fire = false
	first := fearlessEarliest()
	ts := &pp.timers
	ts.lock()
	ts.adjust(f.now, true)
	for range 1 << 20 {
		if first == nil || len(ts.heap) == 0 {
			break
		}
		t := ts.heap[0].timer
		f.now = max(f.now, t.when)
		if ts.run(f.now, nil); t == first {
			break
		}
	}
	ts.unlock()
}

// fearlessProveTimer is a point before a timer is started, stopped or reset; c is
// its channel, if it has one. Each takes a nanosecond, so that no two timers are
// due at once: in which order they were started is tried both ways.
func fearlessProveTimer(c *hchan) {
	fearlessProve(pvTimer, unsafe.Pointer(c), nil, 0)
	fearlessProof.timers = true
	fearless.now++
}

// fearlessTimerChan is the channel of t, or nil.
func fearlessTimerChan(t *timer) *hchan {
	if !t.isChan {
		return nil
	}
	return t.hchan()
}
