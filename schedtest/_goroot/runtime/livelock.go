package runtime

import "unsafe"

// fearlessStackHash is a hash of what is on gp's stack from sp.
func fearlessStackHash(gp *g, sp uintptr) uint64 {
	f := &fearless
	h := uint64(gp.fearless.id)
	for p := sp; p+8 <= gp.stack.hi; p += 8 {
		v := *(*uint64)(unsafe.Pointer(p))
		if int64(v) >= f.start && int64(v) <= f.now {
			v = 0 // a time that a lock noted
		}
		h = (h ^ v) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}

// fearlessSpins looks now and then for goroutines that only spin: for long none
// was created, ended, blocked or woken, and the stacks that run are the same few
// ones again and again. Then time passes faster, for it may be a timer that they
// wait for. A loop that does work counts on its stack.
func fearlessSpins(gp *g, sp uintptr) {
	f := &fearless
	if f.steps-f.changes < fearlessSpinAfter {
		f.spun, f.spinning = 0, false
		return
	}
	h := fearlessStackHash(gp, sp)
	for i := range f.spinStacks {
		if f.spinStacks[i] == h {
			f.spun++
			f.spinning = f.spun > fearlessSpinKnown
			return
		}
	}
	f.spinStacks[f.spinNext%len(f.spinStacks)] = h
	f.spinNext++
	f.spun, f.spinning = 0, false
}

const (
	fearlessSpinAfter = 10_000 // steps without a change
	fearlessSpinKnown = 16     // stacks in a row that were seen before
)

// fearlessWatch looks for a livelock: for long no goroutine was created or
// ended, the schedule is fair, and every goroutine's stack takes only values
// that it had before. A loop that gets anywhere counts on its stack.
func fearlessWatch(gp *g, sp uintptr) {
	f := &fearless
	if f.seenFrom <= f.births {
		f.seen = [len(f.seen)]uint64{}
		f.seenFrom, f.fresh, f.seenCount = f.steps, f.steps, 0
	}
	h := fearlessStackHash(gp, sp)
	known := true
	for range 3 {
		word, bit := h>>6%uint64(len(f.seen)), uint64(1)<<(h&63)
		if f.seen[word]&bit == 0 {
			f.seen[word] |= bit
			known = false
		}
		h = Mix(h)
	}
	if !known {
		f.fresh = f.steps
		if f.seenCount++; f.seenCount > len(f.seen)*4 {
			f.births = f.steps
		}
	} else if f.steps-f.fresh > fearlessStill && !f.rootDone {
		f.livelock = true
		mcall(fearlessSwitch) // fearlessNext ends the iteration
	}
}
