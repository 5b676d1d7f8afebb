package runtime

// The scheduler's loop, when it looks for a goroutine to run.

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
	fearlessNotAlone()
	if fearlessAsideTurn() {
		return nil, 0, true
	}
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
	if f.collected != memstats.numgc {
		fearlessRoom()
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
			if fearlessProving {
				fearlessParked(gp)
			}
			// A wait for a lock may block again without a point between. Each
			// time counts, or a Switch could not tell them apart.
			gp.fearless.done++
		}
	}
	if fearlessProving {
		return fearlessProveNext(pp)
	}
	if len(f.list) == 0 && fearlessAsideIdles() {
		return nil, 0, true
	}
	if f.livelock {
		// A timer may be what they spin for.
		if w := fearlessWake(pp); w != 0 && w-f.start < fearlessPatience {
			f.now = max(f.now, w)
		} else if !fearlessOutside() {
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
	early := fearlessMayBeEarly(at, w)
	if len(f.list) == 1 && !early {
		if f.tracing && at == nil && len(f.events) < cap(f.events) {
			fearlessPause().Pick = f.list[0]
		}
		return fearlessRun(f.all[f.list[0]-1].ptr()), 0, false
	}
	gp := fearlessPick(at, early)
	if gp == nil {
		fearlessFiresEarly(w)
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
	f.idleFires = 0
	if gp.fearless.id != f.last && !fearlessProving {
		f.now += fearlessSwap
	}
	gp.fearless.since, f.ranAt = f.now, f.now
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
	if f.live == 1 && fearlessWakeSweeper(false) {
		return nil, 0, true
	}
	ts := &pp.timers
	w := fearlessWake(pp)
	if f.rootDone && w > f.doneAt+fearlessGrace {
		w = 0
	}
	f.idleSteps = f.steps
	f.reads = 0
	if fearlessSignalsAtWork() {
		f.external = true
		usleep(20) // another thread is at it
		return nil, 0, true
	}
	if until := fearlessAwaitSignal(); until != 0 {
		return nil, until, false
	}
	if fearlessOutside() {
		if f.sweep && fearlessOf(0) != nil {
			return nil, 0, false // only its collection is waited for
		}
		f.external = true
		real := nanotime()
		if f.extSince == 0 {
			f.extSince = real
			fearlessSign(fearlessSignOutside)
		}
		switch {
		case f.rootDone && real-f.doneReal > fearlessExtGraces:
			return fearlessFinish(fearlessWaiting), 0, false
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
	if w != 0 && f.rootDone && fearlessAhead() {
		w = 0
	}
	if w != 0 && !f.rootDone && f.now-f.ranAt > fearlessPatience && !fearlessOwnTimers() {
		// Only goroutines of init or TestMain still set timers, such as one that
		// cleans up each second. For as long as go test waits they woke nobody.
		return fearlessFinish(fearlessBlocked), 0, false
	}
	if w != 0 {
		if f.tracing && len(f.events) < cap(f.events) {
			fearlessPause().Op = uint8(OpTimer)
		}
		f.now = max(f.now, w)
		if f.idleFires++; f.idleFires > 1_000 {
			// A ticker of a nanosecond that nobody waits for must not
			// be all that a sleep of a second consists of. Up to when
			// another timer is due nothing but it would fire, again in
			// vain, so as much is skipped as there is; a small step
			// may go beyond, for there may be several such tickers.
			far := f.now + 100<<min((f.idleFires-1_000)>>6, 40)
			f.now += 100 << min((f.idleFires-1_000)>>6, 17)
			if second := fearlessSecondWake(pp); second != 0 {
				f.now = max(f.now, min(far, second))
			}
		}
		ts.check(f.now, nil)
		return nil, 0, true
	}
	if f.rootDone && fearlessWakeSweeper(true) {
		return nil, 0, true
	}
	if f.rootDone && ts.wakeTime() != 0 {
		if fearlessPolls() {
			return fearlessFinish(fearlessEndless), 0, false
		}
		f.asleep = true
		return fearlessFinish(fearlessWaiting), 0, false
	}
	if fearlessOthersOutside() {
		f.external = true
		real := nanotime()
		if f.extSince == 0 {
			f.extSince = real
		}
		grace := int64(fearlessOthersGrace)
		if f.rootDone {
			grace = fearlessExtGraces
		}
		if real-f.extSince < grace {
			return nil, f.extSince + grace, false
		}
		if f.rootDone {
			return fearlessFinish(fearlessWaiting), 0, false
		}
		return fearlessFinish(fearlessUnclear), 0, false
	}
	return fearlessFinish(fearlessBlocked), 0, false
}

// fearlessOthersOutside reports whether a goroutine that belongs to no iteration,
// such as one that init or TestMain has started, waits for the outside. What it
// does then may wake the test, so that this is not blocked for good. The one of
// os/signal always waits so; see fearlessSignalsAtWork.
func fearlessOthersOutside() bool {
	all, n := atomicAllG()
	for i := range n {
		gp := atomicAllGIndex(all, i)
		if gp.fearless.id != 0 || gp == fearless.driver.ptr() || isSystemGoroutine(gp, false) {
			continue
		}
		switch readgstatus(gp) &^ _Gscan {
		case _Gsyscall, _Gpreempted, _Grunning, _Grunnable:
			if funcname(findfunc(gp.startpc)) != "os/signal.loop" {
				return true
			}
		case _Gwaiting:
			if gp.waitreason == waitReasonIOWait {
				return true
			}
		}
	}
	return false
}

// fearlessWake returns when the next timer is due that was not stopped, or 0.
func fearlessWake(pp *p) int64 {
	ts := &pp.timers
	ts.lock()
	if len(ts.heap) > 0 {
		ts.adjust(fearless.now, true)
	}
	ts.unlock()
	return ts.wakeTime()
}

// fearlessSecondWake returns when the timer after the next one is due, or 0 if
// there is none. fearlessWake has put the heap in order, and nothing has run since.
func fearlessSecondWake(pp *p) (when int64) {
	ts := &pp.timers
	ts.lock()
	for i := 1; i < len(ts.heap) && i <= timerHeapN; i++ {
		if w := ts.heap[i].when; when == 0 || w < when {
			when = w
		}
	}
	ts.unlock()
	return when
}

// fearlessOutside reports whether a controlled goroutine waits for something
// that is not one of the goroutines: a system call, the network, the collector.
// One that comes back from there counts, too: a thread that has no P makes it
// running or runnable first, and queues it or gets it a P only then.
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
		case _Gsyscall, _Gpreempted, _Grunning:
			return true
		case _Grunnable:
			if !gp.fearless.listed {
				return true
			}
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

// fearlessHold reports whether sysmon should leave the P alone. A goroutine is
// preempted by choice only, and keeps its P in a system call unless that takes
// long: then the others go on, and the run is no longer exact.
func fearlessHold(now int64) bool {
	f := &fearless
	if !f.active {
		return false
	}
	pp := allp[0]
	tick := uint64(pp.schedtick)<<32 ^ uint64(pp.syscalltick) ^ (f.steps-fearlessAlone)<<16
	if tick != f.retakeTick {
		f.retakeTick, f.retakeAt = tick, now
		return true
	}
	if now-f.retakeAt < 20_000_000 {
		return true
	}
	if now-f.retakeAt > fearlessForceAfter {
		fearlessForce(pp)
	}
	return false
}
