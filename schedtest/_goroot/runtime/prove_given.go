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
// then. What does not fit is lost, from 64 places on.
var fearlessEarlier [3]struct {
	stacks [64][16]uintptr
	n      int
}

// fearlessEarly notes such a place.
func fearlessEarly(what int) {
	gp := getg()
	if fearless.installed || !mainStarted || gp.m.curg != gp || gp != gp.m.curg {
		return
	}
	e := &fearlessEarlier[what-fearlessGivenRandom]
	if e.n == len(e.stacks) {
		return
	}
	pcs := &e.stacks[e.n]
	callers(2, pcs[:])
	for i := range e.stacks[:e.n] {
		if e.stacks[i] == *pcs {
			return
		}
	}
	e.n++
}

// fearlessGiven names what was given before the driver came, if code under test has
// asked for it.
func fearlessGiven() {
	for i := range fearlessEarlier {
		e := &fearlessEarlier[i]
		for k := range e.stacks[:e.n] {
			pcs := e.stacks[k][:]
			if fearlessUserIn(pcs, "time") != 0 || fearlessUserIn(pcs, "math/rand") != 0 || fearlessUserIn(pcs, "math/rand/v2") != 0 {
				l := fearlessLimited{level: fearlessTakenAsGiven, what: uint8(fearlessGivenRandom + i)}
				l.pcs = e.stacks[k]
				fearlessNote(&l)
				break
			}
		}
	}
}

// fearlessAsksProcs notes that the code under test asks how many processors there are.
func fearlessAsksProcs(what uint8) {
	if gp := getg(); fearlessProving && gp.fearless.id != 0 && gp.m.curg == gp && gp.fearless.quiet == 0 && fearlessByUser("runtime") {
		fearlessLimit(fearlessTakenAsGiven, what, 1)
	}
}
