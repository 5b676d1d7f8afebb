package lock

import (
	"runtime"

	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
)

// When many threads read at once, what they fight for is the word that counts
// them. A lock that sees its readers fight is biased towards them: it gets an
// array of slots, each in cache lines of its own, and a reader then enters by
// taking a slot instead of counting itself. Whoever wants to write ends the bias
// first: it counts the readers that it finds in slots, on their behalf. From
// there on nothing is left of the slots but a note in each, which tells its
// reader to leave as a counted one, so that queue, policies, limits and
// upgrades know counted readers only.
//
// Source: "BRAVO - Biased Locking for Reader-Writer Locks", Dave Dice and Alex
// Kogan, USENIX ATC 2019. There the writer waits for the slots to empty;
// that it need not wait for here is what the notes are for.
type readerSlot struct {
	at    access.Location // the slot as plain memory: whoever finds it has to see that it was made
	state word.Uint32
	_     [124]byte // keeps neighbours out of these two cache lines, which are fetched together
}

// A reader leaves by subtracting rwReader, from its slot as from the lock's state.
const (
	slotFree    uint32 = 0
	slotReading        = rwReader               // a reader is in, and nobody counts it
	slotCounted        = slotReading + slotNote // a reader is in, and the lock's state counts it
	slotNote    uint32 = 1
)

type readerSlots []readerSlot

// crowdedAfter is how many lost races for the lock's state make it biased. Each
// ended bias doubles it, as often as crowdedDoublings, because to end one is
// dear: where writers come often, a bias has to be rare.
const crowdedDoublings = 7

func crowdedAfter() uint32 {
	if word.Real {
		return 64
	}
	return 1 // so that the model checker gets there
}

// read waits until the caller may read, and panics if the lock is poisoned. It
// returns the word from which the reader subtracts rwReader to leave.
func (l *rawRWLock) read() *word.Uint32 {
	old := l.state.Load(word.Relaxed)
	switch {
	case old&(rwWriter|rwQueued|rwPoisoned|rwBiased) == 0 && old < rwFull:
		if l.state.CompareAndSwap(old, old+rwReader, word.Acquire, word.Relaxed) {
			l.entered(wantRead)
			return &l.state
		}
		l.crowded()
	case old&rwBiased != 0 && !watch.On(): // of who is in a slot nothing is known
		if held := l.takeSlot(); held != nil {
			return held
		}
	}
	l.lockUnpoisoned(wantRead)
	return &l.state
}

// endRead ends a reading for the guard with that handle, which was to subtract
// rwReader from held. In the default build it has, and found anything but a
// reader alone: other readers, a note in a slot, somebody who queues, or nobody.
func (l *rawRWLock) endRead(h checked.Handle, held *word.Uint32) {
	if checked.Build {
		if !h.End() {
			panic(&GuardError{"ReadGuard", "Unlock"})
		}
		if held.Leave(rwLeave) {
			return
		}
	}
	// What the word shows now may be newer than our leaving, and is no less good
	// for deciding what is left to do.
	now := held.Load(word.Relaxed)
	if held == &l.state && now&(rwWatched|rwNegative) == rwWatched {
		watch.Released(l.object(), watch.Reader)
	}
	switch {
	case now&rwNegative != 0:
		held.FetchAdd(rwReader, word.Relaxed)
		panic(&GuardError{"ReadGuard", "Unlock"})
	case held != &l.state && now == slotNote:
		held.Store(slotFree, word.Relaxed)
		l.leave(rwReader)
	case held == &l.state && now&rwQueued != 0 && now&rwReaders == 0:
		l.lockAndDispatch()
	}
}

// takeSlot enters without being counted, and returns the slot, or nil if that
// is taken or the bias has ended. If the bias ends just then, it may find itself
// counted, and returns the lock's state.
func (l *rawRWLock) takeSlot() *word.Uint32 {
	p := l.crowd.get().slots.Load(word.Acquire)
	if p == nil {
		return nil // the state that showed the bias was read Relaxed
	}
	slots := *p
	s := &slots[park.Spot()&uint32(len(slots)-1)]
	s.at.Read()
	// Taking the slot and then looking at the state, here, and ending the bias
	// and then looking at the slot, in unbias, stand in one order (SeqCst): one of
	// the two sees the other. The look at the state also acquires what the
	// last writer did.
	if !s.state.CompareAndSwap(slotFree, slotReading, word.SeqCst, word.Relaxed) {
		return nil
	}
	if l.state.Load(word.SeqCst)&(rwBiased|rwQueued) == rwBiased {
		return &s.state
	}
	if s.state.Swap(slotFree, word.AcqRel) == slotCounted {
		return &l.state
	}
	return nil
}

// crowded notes that a reader lost a race against another, and biases the lock
// if there were enough of them.
func (l *rawRWLock) crowded() {
	c := l.crowd.get()
	doublings := min(c.unbiased.Load(word.Relaxed), crowdedDoublings)
	if c.races.FetchAdd(1, word.Relaxed)+1 < crowdedAfter()<<doublings {
		return
	}
	c.races.Store(0, word.Relaxed)
	if c.slots.Load(word.Relaxed) == nil {
		slots := make(readerSlots, park.Spots(runtime.GOMAXPROCS(0)))
		for i := range slots {
			slots[i].at.Write()
		}
		c.slots.CompareAndSwap(nil, &slots, word.Release, word.Relaxed)
	}
	old := l.state.Load(word.Relaxed)
	if old&(rwWriter|rwUpgradable|rwQueued|rwPoisoned) == 0 && old < rwHalfFull {
		// Release: who sees the bias sees the slots. It is enough to have
		// tried: the next crowd will try again.
		l.state.CompareAndSwap(old, old|rwBiased, word.Release, word.Relaxed)
	}
}

// unbias ends a bias: from then on every reader is counted. It returns true
// if it ended one; the caller then has a reader's hold on the lock, which kept
// writers out meanwhile, and must give it back.
func (l *rawRWLock) unbias() bool {
	old := l.state.Load(word.Relaxed)
	for {
		if old&rwBiased == 0 {
			return false
		}
		found, ok := l.state.CompareExchange(old, old&^rwBiased+rwReader, word.SeqCst, word.Relaxed)
		if ok {
			break
		}
		old = found
	}
	c := l.crowd.get()
	c.races.Store(0, word.Relaxed)
	c.unbiased.FetchAdd(1, word.Relaxed)
	slots := *c.slots.Load(word.Acquire)
	for i := range slots {
		s := &slots[i]
		s.at.Read()
		if s.state.Load(word.SeqCst) != slotReading {
			continue
		}
		// Counted first: the reader may leave as soon as it sees the note.
		l.state.FetchAdd(rwReader, word.Relaxed)
		if !s.state.CompareAndSwap(slotReading, slotCounted, word.AcqRel, word.Acquire) {
			l.state.FetchAdd(rwLeave, word.Relaxed) // it is gone
		}
	}
	return true
}
