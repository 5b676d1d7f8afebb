package runtime

// Goroutines that are not controlled, such as one that init has started for a pool
// of the package, and that yield: they go round until somebody else does something,
// a spin lock for instance. The ordinary run queue goes first, so there they would
// keep the controlled ones from ever running. So one that calls Gosched stands
// aside and has its turn when nothing controlled can run, and every so many steps
// else. The steps say when, so that a schedule repeats.
//
// When they have had many turns and nothing controlled can run, what they wait for
// may be time: then that passes. They are not waited for in a proof, for which
// they are a limit.

const (
	fearlessAsideEvery  = 64    // steps between two turns
	fearlessAsideRounds = 1_000 // turns in a row before time passes
	fearlessAsideAgain  = 16    // and before more does
)

// fearlessStepAside reports whether gp, which is not controlled, stands aside.
func fearlessStepAside(gp *g) bool {
	f := &fearless
	yields := gp.fearless.yields
	gp.fearless.yields = false
	if !yields || !f.active || fearlessProving || gp == f.driver.ptr() || isSystemGoroutine(gp, false) {
		return false
	}
	f.aside.pushBack(gp)
	return true
}

// fearlessAsideTurn gives those that stand aside their turn, if it has come.
func fearlessAsideTurn() bool {
	f := &fearless
	if f.aside.empty() || f.steps-f.asideSteps < fearlessAsideEvery {
		return false
	}
	f.asideRounds = 0
	fearlessAsideBack()
	return true
}

// fearlessAsideIdles gives them a turn because nothing controlled can run, unless
// nothing came of many.
func fearlessAsideIdles() bool {
	f := &fearless
	if f.aside.empty() {
		return false
	}
	if f.asideRounds++; f.asideRounds > fearlessAsideRounds {
		f.asideRounds -= fearlessAsideAgain
		return false
	}
	fearlessAsideBack()
	return true
}

// fearlessAsideBack puts those that stand aside on the ordinary queue.
func fearlessAsideBack() {
	f := &fearless
	if f.aside.empty() {
		return
	}
	f.asideSteps = f.steps
	lock(&sched.lock)
	globrunqputbatch(&f.aside)
	unlock(&sched.lock)
}
