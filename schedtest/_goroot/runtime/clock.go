package runtime

// Virtual time.

// fearlessStepCost is the time that a step takes. It is more when the
// goroutines only spin, for a loop until a deadline must end; but work without
// any waiting, such as the filling of a table, must not run into the timeouts
// of its test.
func fearlessStepCost() int64 {
	f := &fearless
	since := f.steps - f.changes
	switch {
	case since > 500_000:
		return f.cost + 20_000<<min((since-500_000)>>14, 20)
	case since > 2_000 || f.steps-f.idleSteps > 100_000:
		return f.cost + 2_000
	}
	return f.cost
}

// fearlessSameCost returns how many further steps take as long as the next one.
func fearlessSameCost() uint64 {
	f := &fearless
	since, idle := f.steps-f.changes, f.steps-f.idleSteps
	switch {
	case since > 500_000:
		return 1<<14 - 1 - (since-500_000)&(1<<14-1)
	case since > 2_000 || idle > 100_000:
		return 500_000 - since
	}
	return min(2_000-since, 100_000-idle)
}

// fearlessAge lets a step's worth of time pass.
func fearlessAge() {
	f := &fearless
	f.now += fearlessStepCost()
	if !f.fair && f.steps > f.fairAfter {
		f.fair = true
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

// fearlessReadClock is fearlessNow for a program that looks at the clock: each
// look takes a little time, more when it looks often, so that a loop until a
// deadline ends, and more and more when it does nothing else.
func fearlessReadClock() int64 {
	f := &fearless
	if f.installed && f.active && getg().fearless.id != 0 {
		fearlessNotAlone()
		if f.readStep != f.steps {
			f.readStep, f.dryReads = f.steps, 0
		}
		f.reads++
		f.dryReads++
		f.now += 100<<min(f.reads>>7, 8) + 100<<min(f.dryReads>>7, 22)
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
