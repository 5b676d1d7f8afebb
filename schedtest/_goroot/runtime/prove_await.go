package runtime

// Waiting loops. A goroutine that goes round a loop until another does something
// would have as many executions as it has turns. So one that comes back to a
// point in the state in which it stood there before, having done nothing in
// between that another can see, is idle: it does not go on in this execution.
//
// Nothing is lost by that. Let e be any execution, and take out of it every idle
// turn but those of which nothing of the same goroutine follows. What remains is
// an execution, for an idle turn changes neither the goroutine's state nor any
// other's: it only read. It ends in the same state, so it fails as e does. It has
// the same data races, for a turn that is taken out only took away orderings
// from what is not in it; and if one access of a race lies in a turn, only that
// turn is left in. And it is explored: there, no goroutine goes on behind an idle turn.
// (The explorer sees a program in which a goroutine ends there, as if the loop were
// an assumption. That it ends depends only on what the goroutine has read.)
//
// When nothing else can happen, a goroutine whose turn read something that has
// been written since is only one that the explorer had no more use for: the rest of
// that execution is run without it. If there is none, they all go round for ever.
//
// That a turn had no effect is known from: the events that it passed, of which all
// were reads, or came in pairs that leave a lock as it was while no other goroutine
// has looked at it, or exchanged a value for the same; the writes to
// memory, which the race detector is told of and race.s counts; the goroutine's
// stack from the point up, which holds all its local state at a call, registers
// included; its deferred calls; goroutines started. Without the race detector
// that is not known, and no goroutine is idle.

import "unsafe"

const (
	fearlessLaps    = 16 // states that are remembered
	fearlessTouches = 48 // accesses since the first of them
	fearlessGrips   = 4  // locks
)

// A fearlessLap is a state in which a goroutine stood at a point.
type fearlessLap struct {
	state [2]uint64 // hashes
	from  uint8     // touched[from:] is what it has touched since
}

// A fearlessGlance is an object that a turn has read, or locked and unlocked.
type fearlessGlance struct {
	object uint64
	mode   DporMode
	stale  bool // another has changed it since
}

// A fearlessGrip is a lock that a goroutine has taken. Of the states, those from
// number since on are of the time behind that.
type fearlessGrip struct {
	obj   uintptr
	since uint8
	reads bool // with others
}

// A fearlessAwait is what a goroutine has done since its last effect.
type fearlessAwait struct {
	laps     [fearlessLaps]fearlessLap
	touched  [fearlessTouches]fearlessGlance
	held     [fearlessGrips]fearlessGrip
	nlaps    uint8
	ntouched uint8
	nheld    uint8
	idle     bool // its last turn had no effect
	stale    bool // what it read in that turn has changed
}

// restart forgets the states.
func (w *fearlessAwait) restart() {
	w.nlaps, w.ntouched = 0, 0
	for i := range w.held[:w.nheld] {
		w.held[i].since = 0
	}
}

// fearlessRound looks whether gp, which runs and is about to stand at a point,
// has come round: sp is the stack pointer of the operation that it stands before.
func fearlessRound(gp *g, sp uintptr) {
	p := &gp.fearless.proof
	w := &p.await
	if !raceenabled || sp < gp.stack.lo || sp >= gp.stack.hi || !fearlessMayRepeat(p.what) {
		return
	}
	state := fearlessLapState(gp, sp)
	first := uint8(0) // of the states in which it held the same locks
	for _, h := range w.held[:w.nheld] {
		first = max(first, h.since)
	}
	for i := first; i < w.nlaps; i++ {
		if w.laps[i].state != state {
			continue
		}
		w.idle, w.stale = true, false
		n := uint8(0)
		for _, t := range w.touched[w.laps[i].from:w.ntouched] {
			w.touched[n] = t
			n++
			w.stale = w.stale || t.stale
		}
		w.restart()
		w.laps[0] = fearlessLap{state: state}
		w.nlaps, w.ntouched = 1, n
		return
	}
	if w.nlaps == fearlessLaps {
		w.restart()
	}
	w.laps[w.nlaps] = fearlessLap{state, w.ntouched}
	w.nlaps++
}

// fearlessMayRepeat reports whether an event can be one of an idle turn.
func fearlessMayRepeat(what uint8) bool {
	switch what {
	case pvLock, pvTryLock, pvUnlock, pvRLock, pvTryRLock, pvRUnlock, pvTryWLock, pvWait, pvOnce, pvSend, pvTrySend, pvRecv, pvTryRecv, pvLen, pvSelect,
		pvLoad, pvCAS, pvSwap, pvMapRead:
		return true
	}
	return false
}

// fearlessLapState is a hash of gp's own state.
func fearlessLapState(gp *g, sp uintptr) [2]uint64 {
	p := &gp.fearless.proof
	a := uint64(gp.fearlessWrites)
	b := uint64(p.kids)<<32 ^ uint64(uintptr(unsafe.Pointer(gp._defer)))
	b = Mix(b ^ uint64(uintptr(unsafe.Pointer(gp._panic)))<<1 ^ uint64(p.what)<<56)
	a = Mix(a ^ uint64(p.obj)<<8 ^ p.place)
	b = Mix(b ^ p.arg)
	for at := sp; at+8 <= gp.stack.hi; at += 8 {
		word := *(*uint64)(unsafe.Pointer(at))
		a = (a ^ word) * 0x9e3779b97f4a7c15
		a ^= a >> 29
		b = (b + word) * 0xbf58476d1ce4e5b9
		b ^= b >> 31
	}
	return [2]uint64{a, b}
}

// fearlessEffects notes what the event that gp runs next does, by its accesses
// acts; gp is nil for a timer's.
func fearlessEffects(gp *g, variants uint64, acts []DporAccess) {
	f := &fearless
	if !raceenabled {
		return
	}
	for i := range f.all {
		if other := fearlessOf(i); other != nil && other != gp {
			other.fearless.proof.await.disturb(acts)
		}
	}
	if gp == nil {
		return
	}
	p := &gp.fearless.proof
	w := &p.await
	own := p.obj == 0 && p.what != pvSelect // on its stack, where fearlessRound sees it
	switch {
	case !fearlessMayRepeat(p.what) || len(acts) > fearlessTouches/4:
		w.restart()
		return
	case own:
		return
	case fearlessLocks(p.what, acts):
		if w.nheld == fearlessGrips {
			w.nheld = 0
			w.restart()
			return
		}
		w.held[w.nheld] = fearlessGrip{p.obj, w.nlaps, p.what == pvRLock}
		w.nheld++
	case p.what == pvUnlock || p.what == pvRUnlock:
		if !w.release(p.obj) {
			w.restart()
			return
		}
	case p.what == pvSwap:
		if value, ok := fearlessWord(p); !ok || value != p.arg {
			w.restart()
			return
		}
	case variants&(variants-1) != 0:
		w.restart() // another turn may take another case
		return
	default:
		for i := range acts {
			if acts[i].Mode != DporRead {
				w.restart()
				return
			}
		}
	}
	if int(w.ntouched)+len(acts) > fearlessTouches {
		w.restart()
		return
	}
	for i := range acts {
		w.touched[w.ntouched] = fearlessGlance{object: acts[i].Object, mode: acts[i].Mode}
		w.ntouched++
	}
}

// fearlessLocks reports whether an event takes a lock that is let go by Unlock or RUnlock.
func fearlessLocks(what uint8, acts []DporAccess) bool {
	switch what {
	case pvLock, pvRLock:
		return true
	case pvTryLock:
		return acts[0].Mode != DporRead
	}
	return false
}

// release notes that a lock is let go. The states of the time behind its being taken
// are over, for others could not take it then.
func (w *fearlessAwait) release(obj uintptr) bool {
	for i := int(w.nheld) - 1; i >= 0; i-- {
		if w.held[i].obj != obj {
			continue
		}
		w.nlaps = min(w.nlaps, w.held[i].since)
		w.nheld--
		w.held[i] = w.held[w.nheld]
		for k := range w.held[:w.nheld] {
			w.held[k].since = min(w.held[k].since, w.nlaps)
		}
		return true
	}
	return false
}

// disturb notes what another goroutine does. A lock that it finds taken is an
// effect of the goroutine that has taken it, so that this has not come round since
// before.
func (w *fearlessAwait) disturb(acts []DporAccess) {
	for i := range acts {
		a := &acts[i]
		for k := range w.touched[:w.ntouched] {
			if t := &w.touched[k]; t.object == a.Object && dporConflict(a.Mode, t.mode) {
				t.stale = true
				w.stale = w.stale || w.idle
			}
		}
		for _, h := range w.held[:w.nheld] {
			if uint64(h.obj) == a.Object && !h.reads || uint64(h.obj)+1 == a.Object && dporConflict(a.Mode, DporAdd) {
				w.since(h.since) // it looks at who holds the lock, or how many do
			}
		}
	}
}

// since forgets the states before number n.
func (w *fearlessAwait) since(n uint8) {
	for i := n; i < w.nlaps; i++ {
		w.laps[i-n] = w.laps[i]
	}
	w.nlaps -= min(n, w.nlaps)
	for k := range w.held[:w.nheld] {
		h := &w.held[k].since
		*h -= min(*h, n)
	}
}
