package runtime

// Virtual time.

// What things take in virtual time, about as long as natively: a test with a
// deadline, or one that measures, must not see a slower machine than it is used to.
const (
	fearlessCost   = 25  // a step
	fearlessSwap   = 150 // more, if another goroutine goes on
	fearlessLook   = 40  // a look at the clock
	fearlessSpin   = 2_000
	fearlessBusy   = 2_000_000 // steps without a change, or without a rest, that are taken for work
	fearlessLooks  = 50_000    // looks at the clock without a change that are taken for measuring
	fearlessWorks  = 500_000   // and without a rest, while goroutines block and wake each other
	fearlessStares = 10_000    // and without a step between them
)

// fearlessStepCost is the time that a step takes. It is more when the goroutines
// only spin, for a loop until a deadline must end, and after so many steps that
// the schedule would be given up before natively much time has passed.
func fearlessStepCost() int64 {
	f := &fearless
	since := f.steps - f.changes
	switch {
	case since > 2*fearlessBusy:
		return fearlessCost + 20_000<<min((since-2*fearlessBusy)>>14, 20)
	case f.spinning || since > fearlessBusy || f.steps-f.idleSteps > fearlessBusy:
		return fearlessCost + fearlessSpin
	}
	return fearlessCost
}

// fearlessSameCost returns how many further steps take as long as the next one,
// at least until fearlessSpins has looked again.
func fearlessSameCost() uint64 {
	f := &fearless
	since, idle := f.steps-f.changes, f.steps-f.idleSteps
	switch {
	case since > 2*fearlessBusy:
		return 1<<14 - 1 - (since-2*fearlessBusy)&(1<<14-1)
	case f.spinning || since > fearlessBusy || idle > fearlessBusy:
		return 2*fearlessBusy - since
	}
	return fearlessBusy - max(since, idle)
}

// fearlessAge lets a step's worth of time pass.
func fearlessAge() {
	f := &fearless
	f.now += fearlessStepCost()
	if !f.fair && f.steps > f.fairAfter {
		f.fair = true
		if f.strategy == Strategy(&f.dfs) {
			f.dfs.Cut()
		}
		f.births = f.steps
		f.random.Begin(Spec{Seed: f.seed})
	}
}

// fearlessNow is the clock of timers and of package time.
func fearlessNow() int64 {
	f := &fearless
	if f.installed {
		// As if settled, but without writing: any thread may ask.
		return f.now + int64(f.settled-fearlessAlone)*f.aloneCost
	}
	return nanotime() + fearless.offset
}

// fearlessReadClock is fearlessNow for a program that looks at the clock. A loop
// until a deadline must end: so each look takes longer once there were very many
// while no goroutine was blocked or woken, or more still without a rest, and more
// and more when it does nothing else.
func fearlessReadClock() int64 {
	f := &fearless
	if fearlessProving {
		fearlessProve(pvClock, nil, nil, 0)
		return fearlessNow()
	}
	if f.installed && f.active && getg().fearless.id != 0 {
		fearlessNotAlone()
		if f.readStep != f.steps {
			f.readStep, f.dryReads = f.steps, 0
		}
		f.reads++
		f.dryReads++
		f.now += fearlessLook
		if f.readChanges != f.changes {
			f.readChanges, f.stillReads = f.changes, 0
		}
		f.stillReads++
		if n := max(f.stillReads-fearlessLooks, f.reads-fearlessWorks); n > 0 {
			f.now += fearlessLook << min(n>>12, 20)
		}
		if f.dryReads > fearlessStares {
			f.now += fearlessLook << min((f.dryReads-fearlessStares)>>9, 24)
		}
	}
	return fearlessNow()
}

// fearlessWallClock is time.Now's answer.
func fearlessWallClock() (sec int64, nsec int32, mono int64) {
	fearlessEarly(fearlessGivenClock)
	if !fearless.installed || !fearless.active {
		sec, nsec, _ = time_now()
		return sec, nsec, fearlessNow()
	}
	fearlessClockSeen()
	mono = fearlessReadClock()
	d := mono - fearless.start
	return fearlessWall + d/1_000_000_000, int32(d % 1_000_000_000), mono
}
