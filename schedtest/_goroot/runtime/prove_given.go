package runtime

// What a proof takes as given: inputs of the test that are neither tried nor may be
// another one in the next execution. The verdict names them.

// What is given, by what package schedtest says of it.
const (
	fearlessGivenProcs = iota + 30
	fearlessGivenCPUs
	fearlessGivenRandom // drawn by package init or TestMain, once in a process
	fearlessGivenClock  // looked at by them
	fearlessGivenOrder  // of a map that they have ranged over
)

// fearlessEarlier is where random numbers were drawn, the clock looked at and maps
// ranged over before there was a driver: which packages are under test is not known
// then. Of what does not fit it is not known whether code under test was it, so it is
// taken for it.
var fearlessEarlier [3]struct {
	stacks [64][16]uintptr
	n      int
	more   bool // there were more places
}

// fearlessEarlierLock guards fearlessEarlier: package init may start goroutines.
var fearlessEarlierLock mutex

// fearlessEarly notes such a place.
func fearlessEarly(what int) {
	gp := getg()
	if fearless.installed || !mainStarted || gp.m.curg != gp || gp != gp.m.curg {
		return
	}
	var pcs [16]uintptr
	callers(2, pcs[:])
	lock(&fearlessEarlierLock)
	e := &fearlessEarlier[what-fearlessGivenRandom]
	known := false
	for i := range e.stacks[:e.n] {
		known = known || e.stacks[i] == pcs
	}
	switch {
	case known:
	case e.n == len(e.stacks):
		e.more = true
	default:
		e.stacks[e.n] = pcs
		e.n++
	}
	unlock(&fearlessEarlierLock)
}

// fearlessGiven names what was given before the driver came, if code under test has
// asked for it.
func fearlessGiven() {
	for i := range fearlessEarlier {
		e := &fearlessEarlier[i]
		l := fearlessLimited{level: fearlessTakenAsGiven, what: uint8(fearlessGivenRandom + i)}
		given := e.more
		for k := range e.stacks[:e.n] {
			pcs := e.stacks[k][:]
			if fearlessUserIn(pcs, "time") != 0 || fearlessUserIn(pcs, "math/rand") != 0 || fearlessUserIn(pcs, "math/rand/v2") != 0 {
				given, l.pcs = true, e.stacks[k]
				break
			}
		}
		if given {
			fearlessNote(&l)
		}
	}
}

// fearlessAsksProcs notes that the code under test asks how many processors there are.
func fearlessAsksProcs(what uint8) {
	if gp := getg(); fearlessProving && gp.fearless.id != 0 && gp.m.curg == gp && gp.fearless.quiet == 0 && fearlessByUser("runtime") {
		fearlessLimit(fearlessTakenAsGiven, what, 1)
	}
}
