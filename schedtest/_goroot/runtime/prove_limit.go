package runtime

// What takes the word "proven" away.

import _ "unsafe" // for go:linkname

// How much a limit says.
const (
	fearlessSampled      = iota // it was tried one way of several: nothing is proven, failures are still looked for
	fearlessCut                 // the execution ends here; what lies behind is not known
	fearlessUnsuitable          // the test depends on what cannot be enumerated
	fearlessTakenAsGiven        // see prove_given.go: the verdict names it
)

// The limits, by what package schedtest says of them.
const (
	fearlessTooManyNames = iota + 1
	fearlessTooManyThreads
	fearlessTooManyEvents
	fearlessTooManyCases
	fearlessTooManyChoices
	fearlessNotModelled // blocks in a way that is none of the points
	fearlessOutsideIO
	fearlessSyscall
	fearlessCgo
	fearlessPool
	fearlessRandomNumber
	fearlessMapOrder
	fearlessClockRead
	fearlessGoroutineCount
	fearlessFinalizer
	fearlessSynctest
	fearlessTooManyItems
	fearlessMapRanges
	fearlessWaitGroupMisuse
	fearlessGoesRound
	fearlessMemoryStats
	fearlessAsksSignals
	fearlessParallelism
	fearlessForeign   // a goroutine takes part that was there before the test
	fearlessFirstTime // the first run in a process is not like the second
	fearlessBoundLoop // waits in a loop, and preemptions are counted
	fearlessChanged   // what a package variable leads to is not as it was
	fearlessNoSymbols // package variables could not be found
	fearlessTooMuchMemory
)

// fearlessLimited is a limit that was met.
type fearlessLimited struct {
	level, what uint8
	pcs         [16]uintptr
}

// fearlessLimit records that a limit was met, on the stack of the goroutine that
// met it; skip is how many of its frames do not matter.
func fearlessLimit(level, what uint8, skip int) {
	v := &fearlessProof
	if !fearlessProving || v.drain {
		return
	}
	var l fearlessLimited
	l.level, l.what = level, what
	if gp := getg(); gp == gp.m.curg {
		callers(skip+1, l.pcs[:])
	}
	fearlessNote(&l)
}

// fearlessLimitOf is fearlessLimit for a goroutine that may not run.
func fearlessLimitOf(gp *g, level, what uint8) {
	v := &fearlessProof
	if !fearlessProving || v.drain {
		return
	}
	var l fearlessLimited
	l.level, l.what = level, what
	switch {
	case gp == nil:
	case gp == getg():
		callers(1, l.pcs[:]) // it makes the decision itself, on its own stack
	default:
		gcallers(gp, 0, l.pcs[:])
	}
	fearlessNote(&l)
}

func fearlessNote(l *fearlessLimited) {
	v := &fearlessProof
	known := false
	for i := range v.limits[:v.nlimit] {
		known = known || v.limits[i].what == l.what && v.limits[i].level == l.level
	}
	if !known && v.nlimit < len(v.limits) {
		v.limits[v.nlimit] = *l
		v.nlimit++
	}
	switch l.level {
	case fearlessCut:
		v.stop = max(v.stop, fearlessStoppedCut)
	case fearlessUnsuitable:
		v.stop = fearlessStoppedUnsuitable
	}
}

// Further outcomes of an iteration.
const (
	fearlessStoppedCut = iota + 10
	fearlessStoppedUnsuitable
)

// fearlessByUser reports whether code under test, not the distribution's, has
// called the package of.
func fearlessByUser(of string) bool { return fearlessUserPC(of) != 0 }

// fearlessUserPC returns the place of that call, or 0.
func fearlessUserPC(of string) uintptr {
	var pcs [16]uintptr
	n := callers(1, pcs[:])
	return fearlessUserIn(pcs[:n], of)
}

// fearlessUserIn is fearlessUserPC for a stack.
func fearlessUserIn(pcs []uintptr, of string) uintptr {
	for _, pc := range pcs {
		f := findfunc(pc)
		if !f.valid() {
			continue
		}
		u, uf := newInlineUnwinder(f, pc-1)
		pkg := fearlessPackage(u.srcFunc(uf).name())
		switch pkg {
		case "runtime", "internal/runtime/maps", "sync", "sync/atomic", "reflect", "maps", "slices", "iter", of:
			continue
		}
		for _, p := range fearlessProof.user {
			if p == pkg {
				return pc
			}
		}
		return 0
	}
	return 0
}

// fearlessPackage returns the import path in a function's name.
func fearlessPackage(name string) string {
	slash := 0
	for i := 0; i < len(name); i++ {
		if name[i] == '[' {
			name = name[:i] // the type arguments
		} else if name[i] == '/' {
			slash = i
		}
	}
	for i := slash; i < len(name); i++ {
		if name[i] == '.' {
			return name[:i]
		}
	}
	return name
}

// fearlessProveSyscall counts the system calls that the code under test makes,
// for the next point to report: what the outside does is not modelled.
//
//go:linkname fearlessProveSyscall
//go:nosplit
func fearlessProveSyscall() {
	if !fearlessProving {
		return
	}
	gp := getg()
	if gp.fearless.id != 0 && gp.fearless.quiet == 0 && gp.fearless.proof.harmless == 0 {
		gp.fearless.proof.syscalls++
	}
}

// fearlessProveUnseen reports what gp has done since its last point that is no
// event: it runs, and is about to stand at one.
func fearlessProveUnseen(gp *g) {
	p := &gp.fearless.proof
	if p.syscalls != 0 {
		p.syscalls = 0
		fearlessLimit(fearlessSampled, fearlessSyscall, 2)
	}
	if p.drawn {
		p.drawn = false
		fearlessLimit(fearlessSampled, fearlessRandomNumber, 2)
	}
}

// fearlessProveGone is fearlessProveUnseen for a goroutine that has ended.
func fearlessProveGone(gp *g) {
	p := &gp.fearless.proof
	if p.syscalls != 0 {
		fearlessLimitOf(nil, fearlessSampled, fearlessSyscall)
	}
	if p.drawn {
		fearlessLimitOf(nil, fearlessSampled, fearlessRandomNumber)
	}
}

// fearlessUserLimit takes the word away for what the code under test has called
// in the package of, unless the distribution did so for it.
func fearlessUserLimit(what uint8, of string) {
	if gp := getg(); fearlessProving && gp.fearless.id != 0 && gp.m.curg == gp && gp.fearless.quiet == 0 && fearlessByUser(of) {
		fearlessLimit(fearlessSampled, what, 1)
	}
}

// fearlessOurLimit is fearlessLimit for what only controlled goroutines are asked about.
func fearlessOurLimit(level, what uint8) {
	if gp := getg(); fearlessProving && gp.fearless.id != 0 && gp.m.curg == gp {
		fearlessLimit(level, what, 1)
	}
}

// fearlessProveDrawn notes that a random number was drawn, or that all that the one
// drawn last could be is tried. One that is drawn behind another that was not tried
// must not hide it.
func fearlessProveDrawn(tried bool) {
	gp := getg()
	if !fearlessProving || gp.fearless.id == 0 {
		return
	}
	p := &gp.fearless.proof
	switch {
	case tried:
		p.drawn = false
	case p.drawn:
		fearlessLimit(fearlessSampled, fearlessRandomNumber, 2)
	default:
		p.drawn = fearlessByUser("math/rand") || fearlessByUser("math/rand/v2")
	}
}

// fearlessTried notes that every value of the random number drawn last is tried.
func fearlessTried() {
	fearlessDraws = 0
	fearlessProveDrawn(true)
}

//go:linkname fearless_tried math/rand.fearlessTried
func fearless_tried() { fearlessTried() }

//go:linkname fearless_tried_v2 math/rand/v2.fearlessTried
func fearless_tried_v2() { fearlessTried() }

//go:linkname fearless_osHarmless os.fearlessHarmless
func fearless_osHarmless(by int32) { getg().fearless.proof.harmless += by }

// fearlessClockSeen takes the word away when the code under test looks at the clock,
// if that may be late.
func fearlessClockSeen() {
	if !fearlessProof.ideal {
		fearlessUserLimit(fearlessClockRead, "time")
	}
}

//go:linkname fearless_timeLooks time.fearlessLooks
func fearless_timeLooks() { fearlessClockSeen() }

// fearlessMeets takes the word away if gp is woken by, or wakes, a goroutine that
// was there before the test and is not controlled.
func fearlessMeets(gp *g) {
	by := getg().m.curg
	if by == nil || by == gp || (by.fearless.id == 0) == (gp.fearless.id == 0) || by == fearless.driver.ptr() || gp == fearless.driver.ptr() {
		return
	}
	if by.fearless.id == 0 && isSystemGoroutine(by, false) || gp.fearless.id == 0 && isSystemGoroutine(gp, false) {
		return
	}
	fearlessNote(&fearlessLimited{level: fearlessSampled, what: fearlessForeign})
}

// fearlessMapSeen takes the word away when the code under test ranges over a map. What
// gives the same in any order does not show it.
func fearlessMapSeen() {
	fearlessEarly(fearlessGivenOrder)
	v := &fearlessProof
	if !fearlessProving {
		return
	}
	for i := range v.limits[:v.nlimit] {
		if v.limits[i].what == fearlessMapOrder {
			return
		}
	}
	if !fearlessWithin("reflect.deepValueEqual") {
		fearlessUserLimit(fearlessMapOrder, "")
	}
}

// fearlessWithin reports whether the goroutine that runs is in the function of that
// name, not many calls up.
func fearlessWithin(name string) bool {
	var pcs [16]uintptr
	n := callers(1, pcs[:])
	for _, pc := range pcs[:n] {
		f := findfunc(pc)
		if !f.valid() {
			continue
		}
		u, uf := newInlineUnwinder(f, pc-1)
		if u.srcFunc(uf).name() == name {
			return true
		}
	}
	return false
}

// The order of a sync.Map is that of its keys' hashes, with a random seed.
//
//go:linkname fearless_syncMapOrder sync.fearlessMapOrder
func fearless_syncMapOrder() { fearlessUserLimit(fearlessMapOrder, "sync") }

// A seed of package maphash is a random number.
//
//go:linkname fearless_maphashSeeds hash/maphash.fearlessSeeds
func fearless_maphashSeeds() { fearlessUserLimit(fearlessRandomNumber, "hash/maphash") }
