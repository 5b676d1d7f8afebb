package runtime

// What the driver in package testing calls when it proves.

import "unsafe"

// fearlessProveMode says that the iterations that follow prove, and who decides,
// or that they do not, if decider is negative. ideal and user are as
// fearlessProof says.
//
//go:linkname fearlessProveMode testing.fearlessProveMode
func fearlessProveMode(decider int, ideal bool, user []string, picks []uint32) {
	v := &fearlessProof
	fearlessProving = decider >= 0
	if !fearlessProving {
		return
	}
	v.decider, v.ideal, v.user = uint8(decider), ideal, user
	if v.picks == nil {
		fearlessGiven()
		v.picks = make([]uint32, 0, 2*fearlessEvents+2)
	}
	if decider == fearlessByPicks {
		v.picks = append(v.picks[:0], picks...)
	}
}

// fearlessProveStart begins a piece, as package pieces writes it: schedules with
// less than bound preemptions, if that is not 0. If short, executions were cut, and
// others will be: they are cut sooner then. It reports whether the piece is whole.
//
//go:linkname fearlessProveStart testing.fearlessProveStart
func fearlessProveStart(piece []uint32, bound int, short bool) bool {
	v := &fearlessProof
	v.x.Bound, v.x.Fair, v.most = bound, fearlessTurnEvents, fearlessEvents
	room := 0
	if short {
		v.most = fearlessShortEvents
		room = v.most
	}
	return v.x.Start(piece, room)
}

// fearlessProveGave reports whether a goroutine has given way to others in an
// execution of the piece, as one does that goes round a loop.
//
//go:linkname fearlessProveGave testing.fearlessProveGave
func fearlessProveGave() bool { return fearlessProof.x.Gave }

// fearlessProveUntried ends a piece, and returns the report of what is left of it.
//
//go:linkname fearlessProveUntried testing.fearlessProveUntried
func fearlessProveUntried() []uint32 { return fearlessProof.x.Untried() }

// fearlessProveNames names the goroutines that other processes know, pairs of a
// parent and a number, in their order, and returns those of all.
//
//go:linkname fearlessProveNames testing.fearlessProveNames
func fearlessProveNames(known []uint32) []uint32 {
	v := &fearlessProof
	for ; len(known) >= 2; known = known[2:] {
		fearlessName(known[0], known[1])
	}
	all := make([]uint32, 2*v.named)
	for i := range v.names {
		if n := &v.names[i]; n.name != 0 {
			all[2*n.name-2], all[2*n.name-1] = n.parent, n.k
		}
	}
	return all
}

// fearlessProveMore goes to the next execution, and reports whether there is one.
//
//go:linkname fearlessProveMore testing.fearlessProveMore
func fearlessProveMore() bool { return fearlessProof.x.Begin() }

// fearlessProveOver ends an execution. It reports whether the program went
// another way than it did before under the same schedule.
//
//go:linkname fearlessProveOver testing.fearlessProveOver
func fearlessProveOver(cut bool) (diverged bool) {
	fearlessSign(fearlessSignStep) // it may take long
	fearlessProof.x.End(cut)
	_, diverged = fearlessProof.x.Diverged()
	return diverged
}

// fearlessProveStats tells how far the explorer is.
//
//go:linkname fearlessProveStats testing.fearlessProveStats
func fearlessProveStats() (executions, blocked, cut uint64, done, schedules float64) {
	s := fearlessProof.x.Stats()
	return uint64(s.Executions), uint64(s.Blocked), uint64(s.Cut), s.Done, s.Schedules
}

// fearlessProvePicks returns the events of the execution, for a replay. If it was one
// itself, it reports whether it went another way.
//
//go:linkname fearlessProvePicks testing.fearlessProvePicks
func fearlessProvePicks() (picks []uint32, strayed bool) {
	v := &fearlessProof
	return v.picks, v.strayed || v.decider == fearlessByPicks && v.replay < len(v.picks)
}

// fearlessProveLimit returns the i-th limit that was met.
//
//go:linkname fearlessProveLimit testing.fearlessProveLimit
func fearlessProveLimit(i int) (level, what uint8, pcs []uintptr, ok bool) {
	v := &fearlessProof
	if i >= v.nlimit {
		return 0, 0, nil, false
	}
	l := &v.limits[i]
	return l.level, l.what, l.pcs[:], true
}

// fearlessProveReset begins an iteration.
func fearlessProveReset() {
	f, v := &fearless, &fearlessProof
	for _, tw := range getg().m.p.ptr().timers.heap {
		tw.timer.stop() // what an earlier iteration has left
	}
	v.drain, v.fire, v.stop, v.events, v.cur, v.began, v.used, v.replay, v.strayed = false, false, 0, 0, 0, false, 0, 0, false
	v.ranges = [len(v.ranges)]fearlessRange{}
	if v.decider != fearlessByPicks {
		v.picks = v.picks[:0]
	}
	f.early, f.far = 0, false
	v.timerKids, v.timers = 0, false
}

// fearlessProvePath returns a hash of what the code under test has done in an
// iteration by the default rule, and begins the next. first is the hash of the
// first one in this process: if it differs, something was made once.
//
//go:linkname fearlessProvePath testing.fearlessProvePath
func fearlessProvePath(first uint64, watch bool) uint64 {
	v := &fearlessProof
	path := v.path
	if first != 0 && path != first {
		fearlessNote(&fearlessLimited{level: fearlessSampled, what: fearlessFirstTime})
	}
	v.watch, v.path = watch, 1
	return path
}

// fearlessMacro begins (1) and ends (-1) an operation that is one event as a whole.
//
//go:linkname fearlessMacro sync.fearlessMacro
func fearlessMacro(by int32) { getg().fearless.proof.macro += by }

//go:linkname fearless_proveSync sync.fearlessProve
func fearless_proveSync(what uint8, obj, guard unsafe.Pointer, arg uint64) uint8 {
	return fearlessProve(what, obj, guard, arg)
}

//go:linkname fearless_proveAtomic sync/atomic.fearlessProveWord
func fearless_proveAtomic(what uint8, addr unsafe.Pointer, size uint8, old uint64) {
	fearlessProveWord(what, addr, size, old)
}

// fearlessTicket notes the ticket that the goroutine has at a Cond.
//
//go:linkname fearlessTicket sync.fearlessTicket
func fearlessTicket(list unsafe.Pointer, t uint32) {
	p := &getg().fearless.proof
	p.notify, p.ticket = uintptr(list), t
}

// fearless_proveTesting is a point before something is told to the test t. Package
// testing's own locks and channels are no points.
//
//go:linkname fearless_proveTesting testing.fearlessProve
func fearless_proveTesting(what uint8, t unsafe.Pointer) { fearlessProve(what, t, nil, 0) }

// fearlessTesting says whether package testing's own code runs from now on, or
// that of the test.
//
//go:linkname fearlessTesting testing.fearlessTesting
func fearlessTesting(on bool) {
	gp := getg()
	if !fearlessProving || gp.fearless.id <= 1 {
		return // the root has no code of a test
	}
	gp.fearless.quiet = 0
	if on {
		gp.fearless.quiet = 1
	}
}

// fearless_provePool is a point before the code under test puts something into the
// sync.Pool obj, or takes something out. n is how many items it has, and where that
// stands. It reports whether it was one, and which alternative was chosen. Pools inside
// the distribution, such as those of fmt, hand out what is as good as new.
//
//go:linkname fearless_provePool sync.fearlessPool
func fearless_provePool(what uint8, obj, at unsafe.Pointer, n int) (variant uint8, ok bool) {
	gp := getg()
	if gp.fearless.id == 0 || !fearlessByUser("sync") {
		return 0, false
	}
	if !fearlessAtPoint(gp) {
		fearless_poolSampled() // package testing calls the code under test, to print something
		return 0, false
	}
	return fearlessProve(what, obj, at, uint64(n)), true
}

// fearless_poolSampled takes the word away for a sync.Pool of which some items are not known.
//
//go:linkname fearless_poolSampled sync.fearlessPoolSampled
func fearless_poolSampled() {
	if fearlessProving && getg().fearless.id != 0 {
		fearlessLimit(fearlessSampled, fearlessPool, 2)
	}
}
