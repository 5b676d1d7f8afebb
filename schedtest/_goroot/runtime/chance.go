package runtime

import _ "unsafe" // for go:linkname

// What there was to choose in an iteration.

// fearlessChances counts the choices of an iteration: decisions of the scheduler
// among several goroutines, or between one and a timer, and choices of the
// program among several. If the default schedule has none, all schedules are
// the same.
var fearlessChances uint64

// fearlessDraws counts the random numbers that the program has drawn and that
// fearlessChoose has not been asked about.
var fearlessDraws uint64

// fearlessChance notes a choice that a depth-first search does not make.
func fearlessChance() {
	f := &fearless
	if gp := getg(); gp.fearless.id == 0 || !f.active {
		return
	}
	fearlessChances++
	if f.strategy == Strategy(&f.dfs) {
		f.dfs.Cut()
	}
}

// fearlessDrawn notes that the program draws a random number from the runtime.
// If fearlessChoose is asked about it, that is a choice like others; if
// another is drawn before, it was not asked.
func fearlessDrawn() {
	fearlessEarly(fearlessGivenRandom)
	if gp := getg(); gp.fearless.id == 0 || !fearless.active {
		return
	}
	if fearlessProving {
		fearlessProveDrawn(false)
		return
	}
	if fearlessDraws > 0 {
		fearlessChance()
	}
	fearlessChances++
	fearlessDraws++
}

//go:linkname fearless_drawn math/rand.fearlessDrawn
func fearless_drawn() { fearlessDrawn() }

//go:linkname fearless_drawn_v2 math/rand/v2.fearlessDrawn
func fearless_drawn_v2() { fearlessDrawn() }

// fearless_iterated notes that a map is iterated over, whose order is random.
//
//go:linkname fearless_iterated internal/runtime/maps.fearlessIterated
func fearless_iterated(used uint64) {
	if used > 1 {
		fearlessChance()
		fearlessMapSeen()
	}
}

// fearlessChosen returns the number of choices of the iteration.
//
//go:linkname fearlessHadChances testing.fearlessHadChances
func fearlessHadChances() uint64 {
	if fearlessDraws > 0 && fearless.strategy == Strategy(&fearless.dfs) {
		fearless.dfs.Cut()
	}
	return fearlessChances
}
