package runtime

// The decisions of an iteration that proves.

// fearlessProveNext is fearlessNext when proving.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessProveNext(pp *p) (next *g, until int64, retry bool) {
	f, v := &fearless, &fearlessProof
	for {
		if v.stop != 0 {
			return fearlessFinish(v.stop), 0, false
		}
		if v.fire {
			fearlessFire(pp)
			return nil, 0, true
		}
		if gp := fearlessUnsettled(); gp != nil {
			return fearlessRun(gp), 0, false
		}
		if f.live == 0 {
			if v.timers && v.decider == fearlessByDpor && v.stop == 0 {
				// A timer that could have fired is to be tried before what it matters to.
				v.x.Stuck(v.ps[:fearlessTimerFirst(0, false)])
			}
			return fearlessFinish(fearlessEnded), 0, false
		}
		if gp := fearlessDecide(); gp != nil {
			return fearlessRun(gp), 0, false
		}
		if v.stop != 0 || v.fire {
			continue
		}
		// Nothing can happen any more.
		if fearlessOutside() {
			return fearlessIdle(pp)
		}
		if len(f.list) == 0 {
			if f.rootDone && fearlessWake(pp) != 0 {
				return fearlessFinish(fearlessWaiting), 0, false
			}
			return fearlessFinish(fearlessBlocked), 0, false
		}
		if v.drain || v.idle == len(f.list) {
			return fearlessGoRound(pp), 0, false
		}
		v.drain = true
		for _, id := range f.list {
			if p := &f.all[id-1].ptr().fearless.proof; !p.await.idle {
				p.at = false
			}
		}
	}
}

// fearlessGoRound ends an iteration whose goroutines that can run all go round
// for ever.
func fearlessGoRound(pp *p) *g {
	switch {
	case !fearless.rootDone:
		return fearlessFinish(fearlessLivelock)
	case fearlessWake(pp) != 0:
		return fearlessFinish(fearlessWaiting)
	}
	return fearlessFinish(fearlessEndless)
}

// fearlessUnsettled returns the goroutine with the least name of those that can
// run and stand at no point.
func fearlessUnsettled() *g {
	f := &fearless
	var least *g
	for _, id := range f.list {
		gp := f.all[id-1].ptr()
		if !gp.fearless.proof.at && (least == nil || gp.fearless.proof.name < least.fearless.proof.name) {
			least = gp
		}
	}
	return least
}

// fearlessDecide returns the goroutine whose event is next. It returns nil if
// some goroutine is to run to a point first, if a timer is next (then v.fire is
// set), if the iteration is to stop (v.stop), and if nothing can happen.
//
// It may have write barriers: whoever calls it has a P.
//
//go:yeswritebarrierrec
func fearlessDecide() *g {
	f, v := &fearless, &fearlessProof
	v.fire, v.used = false, 0
	if v.drain || v.stop != 0 {
		return nil
	}
	if len(f.list) > fearlessThreads || len(f.all) > fearlessThreads && v.decider == fearlessByDpor {
		fearlessLimit(fearlessCut, fearlessTooManyThreads, 1)
		return nil
	}
	if v.events >= fearlessEvents || v.most > 0 && v.events >= v.most {
		fearlessLimit(fearlessCut, fearlessTooManyEvents, 1)
		return nil
	}
	n, enabled := 0, 0
	v.idle = 0
	stale := false
	for _, id := range f.list {
		gp := f.all[id-1].ptr()
		p := &gp.fearless.proof
		if !p.at {
			return nil
		}
		if w := &p.await; w.idle {
			if v.x.Bound > 0 {
				// Waiting in the loop took a preemption, or none, in one of its rounds; that it went round once is not counted so.
				fearlessLimitOf(gp, fearlessSampled, fearlessBoundLoop)
			}
			if v.decider == fearlessByDpor || !w.stale {
				p.open = false
				v.idle++
				stale = stale || w.stale
				continue
			}
			w.idle = false
			w.restart()
		}
		p.open, p.variants = fearlessEnabled(gp)
		if p.open {
			enabled++
		}
		i := n
		for i > 0 && v.ps[i-1].Thread > p.name {
			v.ps[i], v.gs[i] = v.ps[i-1], v.gs[i-1]
			i--
		}
		v.gs[i] = id
		v.ps[i] = DporPending{Thread: p.name, Op: p.what, Enabled: p.open, Place: p.place ^ v.ids[p.name], Variants: p.variants}
		n++
	}
	fearlessMisuse(n)
	timer := fearlessTimerDue(enabled > 0)
	if timer {
		enabled++
	}
	if enabled == 0 || v.stop != 0 {
		if v.stop == 0 && v.decider == fearlessByDpor && !fearlessOutside() {
			if v.timers {
				n = fearlessTimerFirst(n, false)
			}
			fearlessAnnounce(n)
			v.x.Stuck(v.ps[:n])
			if stale {
				// The rest is run without the explorer: see prove_await.go.
				v.decider = fearlessByStrategy
				return fearlessDecide()
			}
		}
		return nil
	}
	var gp *g
	variant := uint8(0)
	switch v.decider {
	case fearlessByDpor:
		if timer {
			n = fearlessTimerFirst(n, true)
		}
		fearlessAnnounce(n)
		var i int
		i, variant = v.x.Pick(v.ps[:n])
		if i < 0 {
			// The explorer has no use for the rest, which is run all the same: what
			// is left in the middle would disturb the next execution.
			v.decider = fearlessByStrategy
			gp, variant = fearlessAsk(timer)
			break
		}
		if v.gs[i] != 0 {
			gp = f.all[v.gs[i]-1].ptr()
		}
	case fearlessByPicks:
		gp, variant = fearlessFollow(timer)
	default:
		gp, variant = fearlessAsk(timer)
	}
	v.events++
	v.began = true
	if gp == nil {
		v.cur = 0
		fearlessPicked(0, 0)
		acts := fearlessClock()
		if v.decider == fearlessByDpor {
			v.x.Access(acts)
		}
		fearlessEffects(nil, 0, acts)
		v.fire = true
		return nil
	}
	p := &gp.fearless.proof
	v.cur = p.name
	fearlessPicked(p.name<<16|uint32(p.what)<<8|uint32(variant), p.place)
	chosen := fearlessOnly
	if p.variants != 0 {
		chosen = int(variant)
	}
	acts := fearlessTouch(gp, chosen)
	if v.decider == fearlessByDpor {
		v.x.Access(acts)
	}
	fearlessEffects(gp, p.variants, acts)
	fearlessTake(gp)
	p.at = false
	p.variant = variant
	if p.what == pvWait {
		p.variant = 0
		if p.misused {
			p.misused, p.variant = false, 1
		}
	}
	return gp
}

// fearlessTimerFirst puts the timer's event before the first n pending ones.
func fearlessTimerFirst(n int, enabled bool) int {
	v := &fearlessProof
	// Not by copy, which the race detector would see.
	for i := n; i > 0; i-- {
		v.ps[i], v.gs[i] = v.ps[i-1], v.gs[i-1]
	}
	v.gs[0] = 0
	v.ps[0] = DporPending{Op: uint8(OpTimer), Enabled: enabled, Accesses: fearlessClock()}
	return n + 1
}

// fearlessAnnounce says what the first n pending events may touch.
func fearlessAnnounce(n int) {
	v := &fearlessProof
	for i := range n {
		if v.gs[i] != 0 {
			v.ps[i].Accesses = fearlessTouch(fearless.all[v.gs[i]-1].ptr(), fearlessAnnounced)
		}
	}
}

// fearlessMisuse looks for an Add of a WaitGroup at zero that is not ordered with
// a Wait. The documentation forbids that: a Wait that has come before it, and has
// yet to be woken, panics, and the race detector reports the two. Nobody waits in
// a queue here, so neither would happen: the Wait is told to be seen by the race
// detector, and the word is taken away.
func fearlessMisuse(n int) {
	f, v := &fearless, &fearlessProof
	for i := range n {
		a := &f.all[v.gs[i]-1].ptr().fearless.proof
		if a.what != pvAdd || int64(a.arg) <= 0 || a.guard == 0 || fearlessCounter(a.guard) != 0 {
			continue
		}
		for j := range n {
			gp := f.all[v.gs[j]-1].ptr()
			if w := &gp.fearless.proof; w.what == pvWait && w.guard == a.guard {
				w.misused = true
				fearlessLimitOf(gp, fearlessSampled, fearlessWaitGroupMisuse)
			}
		}
	}
}

// fearlessAsk lets f.strategy choose among what is enabled.
func fearlessAsk(timer bool) (*g, uint8) {
	f := &fearless
	at := fearlessPoints(timer)
	i := f.strategy.Pick(&f.point)
	return fearlessTaken(at, i, -1)
}

// fearlessPoints makes f.point of what is enabled. It returns the goroutine that
// ran last if it stands at a point and is not enabled or is, for the record.
func fearlessPoints(timer bool) *g {
	f := &fearless
	p := &f.point
	p.Current, p.Step, p.Last, p.LastDone = -1, f.steps, f.last, 0
	if f.last != 0 && int(f.last) <= len(f.all) {
		if g := f.all[f.last-1].ptr(); g != nil && g.fearless.id == f.last {
			p.LastDone = g.fearless.done
		}
	}
	n := 0
	if timer {
		f.window[0] = Thread{ID: TimerID, Op: OpTimer}
		n++
	}
	var at *g
	for _, id := range f.list {
		g := f.all[id-1].ptr()
		if !g.fearless.proof.open {
			continue
		}
		if id == f.last {
			p.Current = n
			at = g
		}
		f.window[n] = Thread{ID: id, Op: g.fearless.op, Addr: g.fearless.addr, Done: g.fearless.done}
		n++
	}
	p.Threads = f.window[:n]
	return at
}

// fearlessTaken returns the thread i of f.point, and the alternative that it
// takes: variant, or what the switches say if that is negative.
func fearlessTaken(at *g, i, variant int) (*g, uint8) {
	f := &fearless
	p := &f.point
	if f.tracing && len(f.events) < cap(f.events) {
		fearlessRecord(at, p, i)
	}
	if p.Threads[i].ID == TimerID {
		return nil, 0
	}
	gp := f.all[p.Threads[i].ID-1].ptr()
	variants := gp.fearless.proof.variants
	if variants&(variants-1) == 0 {
		return gp, uint8(fearlessBit(variants, 0))
	}
	gp.fearless.choices++
	c := uint32(0)
	if variant < 0 {
		if f.strategy == Strategy(&f.switches) {
			c = f.switches.Choose(gp.fearless.id, gp.fearless.choices) % uint32(fearlessBits(variants))
		}
		variant = fearlessBit(variants, c)
	} else {
		c = uint32(fearlessBits(variants & (1<<variant - 1)))
	}
	if c != 0 && f.tracing && len(f.events) < cap(f.events) {
		f.events = append(f.events, FearlessEvent{ID: gp.fearless.id, Op: uint8(OpChoice), Done: gp.fearless.choices, Pick: c})
	}
	return gp, uint8(variant)
}

// fearlessBits counts the bits of set.
func fearlessBits(set uint64) (n int) {
	for ; set != 0; set &= set - 1 {
		n++
	}
	return n
}

// fearlessBit returns which bit of set is the k-th, from 0; 0 if there is none.
func fearlessBit(set uint64, k uint32) int {
	for i := range 64 {
		if set>>i&1 == 0 {
			continue
		}
		if k == 0 {
			return i
		}
		k--
	}
	return 0
}

// fearlessParked looks at how gp, whose event has just run, has come to wait.
func fearlessParked(gp *g) {
	if fearlessProof.drain || readgstatus(gp)&^_Gscan != _Gwaiting || gp.fearless.quiet != 0 {
		return
	}
	switch gp.waitreason {
	case waitReasonChanReceive, waitReasonChanSend, waitReasonSelect, waitReasonSelectNoCases, waitReasonChanReceiveNilChan,
		waitReasonChanSendNilChan, waitReasonSyncCondWait, waitReasonSleep, waitReasonCoroutine:
	case waitReasonGCAssistMarking, waitReasonGCAssistWait, waitReasonGCSweepWait, waitReasonStoppingTheWorld, waitReasonWaitForGCCycle,
		waitReasonGarbageCollection, waitReasonPreempted, waitReasonForceGCIdle, waitReasonFlushProcCaches:
	case waitReasonIOWait:
		fearlessLimitOf(gp, fearlessUnsuitable, fearlessOutsideIO)
	default:
		fearlessLimitOf(gp, fearlessUnsuitable, fearlessNotModelled)
	}
}

// fearlessHandsOver notes that gp, which may have ended, waits for gnext, one of the two
// being a coroutine of the other, and that gnext goes on. Nobody else can see that: it
// is part of the event of whichever stood at a point last, and what gnext does next
// happens after that event. A loop that hands over is none that waits without effect.
func fearlessHandsOver(gp, gnext *g) {
	f := &fearless
	if !f.active || gnext.fearless.id == 0 {
		return
	}
	if gp != nil {
		gp.fearlessWrites++
		if gp.fearless.listed {
			fearlessUnlist(gp)
		}
	}
	gnext.fearlessWrites++
	if !gnext.fearless.listed {
		fearlessList(gnext)
	}
	f.cur.set(gnext)
	f.last = gnext.fearless.id
}

// fearlessProveNew names a new goroutine.
func fearlessProveNew(newg, callergp *g) {
	parent := callergp
	kids := &fearlessProof.timerKids
	name := uint32(0)
	if parent.fearless.id != 0 {
		kids, name = &parent.fearless.proof.kids, parent.fearless.proof.name
	}
	*kids++
	newg.fearless.proof.name = fearlessName(name, *kids)
}

// fearlessListed tells the explorer that gp can run, by the event that runs.
func fearlessListed(gp *g) {
	v := &fearlessProof
	p := &gp.fearless.proof
	if v.decider == fearlessByDpor && v.began && !p.at && p.name != 0 && p.name != v.cur && !v.drain {
		v.x.Woke(p.name)
	}
}

// Timers.
