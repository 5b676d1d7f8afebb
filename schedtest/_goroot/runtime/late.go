package runtime

import _ "unsafe" // for go:linkname

// How late goroutines may be.
//
// Time passes when no goroutine can run. A machine is not like that: a goroutine
// that can run may be late while a timer fires, and a program that takes a sleep
// for a synchronization fails then. So in some schedules a timer may fire early,
// as far ahead as Lateness says; the driver tells such findings from others.

// fearlessSetLate sets the most that goroutines may be late in the iterations to come.
//
//go:linkname fearlessSetLate testing.fearlessSetLate
func fearlessSetLate(late int64) { fearless.late = late }

// fearlessDrawLateness decides how far ahead timers may fire in this iteration.
// A list of switches says itself which do.
func fearlessDrawLateness(kind Kind, seed uint64) {
	f := &fearless
	f.early, f.far, f.earlyFires, f.lateBy = 0, false, 0, 0
	switch kind {
	case KindFirst, KindDFS:
	case KindSwitches:
		f.early = f.late
	default:
		f.early = Lateness(seed, f.late)
		f.far = f.early > f.late
	}
}

// fearlessMayBeEarly reports whether the timer that is due at w may fire now
// although goroutines can run. at is the one that stands at a point, or nil when
// the one that ran last has blocked or ended.
//
// A timer is early because those that can run are late. It would fire early at
// every point of a schedule if one that is paused in its stride counted, too; so
// that is so only where the program itself looks after a timer, as Stop does.
func fearlessMayBeEarly(at *g, w int64) bool {
	f := &fearless
	if w == 0 || at != nil && at.fearless.op != OpClock {
		return false
	}
	if w-f.now <= f.late*FarLate {
		fearlessChances++ // for another schedule, if not for this one
	}
	return w <= f.now+f.early && f.fired != f.steps && fearlessCanBeLate(w)
}

// fearlessCanBeLate reports whether a timer may fire at time w before those that
// can run do: none may then have waited for longer than a timer is early.
func fearlessCanBeLate(w int64) bool {
	f := &fearless
	for _, id := range f.list[:min(len(f.list), fearlessWindow)] {
		if w-f.all[id-1].ptr().fearless.since > f.early {
			return false
		}
	}
	return true
}

// fearlessFar reports whether timers fired so early in this iteration that a
// test whose timeout they are fails for no fault of its own: then only what is
// wrong in itself counts, such as a leak.
//
//go:linkname fearlessFar testing.fearlessFar
func fearlessFar() bool { return fearless.far && fearless.earlyFires > 0 }

// fearlessLateness returns how many timers fired early in this iteration, how
// late goroutines were for that, and how often a loop without scheduling points
// was interrupted.
//
//go:linkname fearlessLateness testing.fearlessLateness
func fearlessLateness() (fires uint64, lateBy int64, forced uint64) {
	return fearless.earlyFires, fearless.lateBy, fearless.forced
}

// fearlessFiresEarly notes that a timer that is due at w does.
func fearlessFiresEarly(w int64) {
	f := &fearless
	f.fired = f.steps
	f.earlyFires++
	for _, id := range f.list[:min(len(f.list), fearlessWindow)] {
		f.lateBy = max(f.lateBy, w-f.all[id-1].ptr().fearless.since)
	}
}
