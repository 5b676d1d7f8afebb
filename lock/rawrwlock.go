package lock

import (
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
)

// rawRWLock is a reader-writer lock without data.
//
// Whoever finds the lock taken queues, in the order that the policy wants, and
// the lock is handed to it: to enter, a thread in the queue does nothing but wake
// up. So all decisions are made in one place, dispatch, under the queue's lock.
//
// rwQueued is set exactly while the queue is not empty, and closes the fast
// paths: no unlock can then overlook the queue, and no newcomer pass it.
type rawRWLock struct {
	state  word.Uint32
	policy Policy
	sound  bool // it never is poisoned
	crowd  inflated[crowd]
}

// A crowd is what an RWLock needs for threads that wait, or for many that read.
type crowd struct {
	slots    word.Pointer[readerSlots]
	races    word.Uint32 // that readers lost since the last bias; see crowded
	unbiased word.Uint32 // how many biases were ended
	queue    queue
	// Of those in the queue, guarded by its lock: the readers, and those that
	// exclude readers. The rest are upgradable readers.
	readers, excluding int32
}

const (
	rwWriter     uint32 = 1 << iota // a writer has the lock; what Take sets
	rwUpgradable                    // an upgradable reader has it
	rwQueued                        // the queue is not empty
	rwPoisoned
	rwWatched // who holds it is known to package watch
	rwBiased  // readers may take slots and are not counted then; never with rwWriter
	rwReader  // one reader; the bits from here up count them
)

const (
	rwReaders = ^(rwReader - 1)
	rwLeave   = ^(rwReader - 1) // added, it subtracts one reader
	// rwNegative is set when more readers have left than came.
	rwNegative = 1 << 31
	// rwFull is the count of readers beyond which no more are let in, so that
	// they never reach rwNegative. What may be counted above it: the readers that
	// unbias finds in slots, its own hold, and one Downgrade, for crowded biases
	// no lock that is half full.
	rwFull     = rwNegative - rwReader<<10
	rwHalfFull = rwNegative / 2
)

// A ReadersError is the value of the panic of a reader of an RWLock that has as
// many as it can count, some 33 million. Most likely their guards were never unlocked.
type ReadersError struct{}

// Error says how to mend it.
func (*ReadersError) Error() string {
	return "lock: an RWLock has more readers than it can count: Unlock every ReadGuard"
}

// want is as what a waiter wants to enter.
type want uint8

const (
	wantRead want = iota
	wantWrite
	wantUpgradable
	wantUpgrade // from upgradable reader to writer
	wantRefused // of a reader for whom there is no room: it is told so
)

// enter returns the state after an entry as what w wants, and whether it is possible.
func (w want) enter(old uint32) (next uint32, ok bool) {
	switch w {
	case wantRead:
		return old + rwReader, old&rwWriter == 0 && old < rwFull
	case wantWrite:
		return old | rwWriter, old&(rwWriter|rwUpgradable|rwBiased|rwReaders) == 0
	case wantUpgradable:
		return old | rwUpgradable, old&(rwWriter|rwUpgradable) == 0
	default:
		return old&^rwUpgradable | rwWriter, old&(rwBiased|rwReaders) == 0
	}
}

// excludes reports whether no reader may be in together with w, not even in a slot.
func (w want) excludes() bool { return w == wantWrite || w == wantUpgrade }

// reason is what a traceback says of who waits to enter as w.
func (w want) reason() park.Reason {
	if w == wantRead {
		return park.ForRead
	}
	return park.ForWrite
}

// passes reports whether a newcomer may enter although others wait.
func (l *rawRWLock) passes(w want) bool {
	return l.policy == ReaderPreferring && (w == wantRead || w == wantUpgradable)
}

// try enters if that is possible at once.
func (l *rawRWLock) try(w want) bool {
	old := l.state.Load(word.Relaxed)
	if old&rwBiased != 0 && w.excludes() {
		if l.unbias() {
			l.leave(rwReader)
		}
		old = l.state.Load(word.Relaxed)
	}
	for {
		if old&rwQueued != 0 && !l.passes(w) {
			return w == wantRead && l.tryBesideUpgradables()
		}
		next, ok := w.enter(old)
		if !ok {
			checkReaders(w, old)
			return false
		}
		found, ok := l.state.CompareExchange(old, next, word.Acquire, word.Relaxed)
		if ok {
			l.entered(w)
			return true
		}
		old = found
	}
}

// tryBesideUpgradables is try of a reader that finds a queue. Who excludes
// readers and waits goes before it. An upgradable reader that waits, for another
// one to end, is no reason to wait.
func (l *rawRWLock) tryBesideUpgradables() bool {
	c := l.crowd.get()
	c.queue.Lock()
	defer c.queue.Unlock()
	return c.excluding == 0 && l.tryRecursive()
}

// checkReaders panics if w is one more reader than the state has room for.
func checkReaders(w want, state uint32) {
	if w == wantRead && state >= rwFull {
		panic(&ReadersError{})
	}
}

// lock returns nil when it has entered, or limit's error.
func (l *rawRWLock) lock(w want, limit park.Limit) error {
	for spins := 0; ; spins++ {
		if l.try(w) {
			return nil
		}
		if l.state.Load(word.Relaxed)&rwQueued != 0 || !park.CanSpin(spins) {
			break
		}
		park.Spin()
	}
	if err := limit.Reached(); err != nil {
		return err
	}
	if err := l.wait(w, limit); err != nil {
		return err
	}
	l.entered(w) // after the end of the wait: nobody waits for himself
	return nil
}

// lockRecursive is lock of a reader that passes those who wait. Only a writer that
// is in keeps it waiting, and then it holds no other reading.
func (l *rawRWLock) lockRecursive(limit park.Limit) error {
	if l.tryRecursive() {
		return nil
	}
	return l.lock(wantRead, limit)
}

// tryRecursive enters as a reader whoever waits, if no writer is in. Who leaves
// last looks at the queue, as always.
func (l *rawRWLock) tryRecursive() bool {
	old := l.state.Load(word.Relaxed)
	for {
		next, ok := wantRead.enter(old)
		if !ok {
			checkReaders(wantRead, old)
			return false
		}
		found, ok := l.state.CompareExchange(old, next, word.Acquire, word.Relaxed)
		if ok {
			l.entered(wantRead)
			return true
		}
		old = found
	}
}

func (l *rawRWLock) wait(as want, limit park.Limit) error {
	waiting := watch.Begin(l.object(), l.waitsAs(as), limit.IsSet())
	defer watch.End(waiting)
	w := newWaiter(limit)
	defer w.free()
	w.want = as
	w.reason = as.reason().Now()
	c := l.crowd.get()
	c.queue.Lock()
	c.queue.insertBefore(l.place(c, as), w)
	c.count(as, 1)
	l.state.FetchOr(rwQueued, word.Relaxed)
	l.dispatch(c)
	if c.queue.await(w) {
		if w.want == wantRefused {
			panic(&ReadersError{})
		}
		return nil
	}
	c.count(as, -1)
	if c.queue.head == nil {
		l.state.FetchAnd(^rwQueued, word.Relaxed)
	}
	l.dispatch(c) // those behind w may be able to enter without it
	return limit.Err()
}

// count counts n more waiters in the queue, whose lock the caller holds.
func (c *crowd) count(as want, n int32) {
	switch {
	case as == wantRead:
		c.readers += n
	case as.excludes():
		c.excluding += n
	}
}

// place returns the waiter before which a newcomer queues, or nil for the end.
func (l *rawRWLock) place(c *crowd, as want) *waiter {
	if as == wantUpgrade {
		return c.queue.head // nobody can enter before it anyway, but readers
	}
	if l.policy == Fair {
		return nil
	}
	writersFirst := l.policy == WriterPreferring
	if (as == wantWrite) != writersFirst {
		return nil
	}
	for w := c.queue.head; w != nil; w = w.next {
		if w.want != wantUpgrade && (w.want == wantWrite) != writersFirst {
			return w
		}
	}
	return nil
}

// dispatch lets in as many from the front of the queue as can enter, and
// releases the queue's lock, which the caller holds.
//
// The front ends with the first that cannot enter and that others may not pass.
// Readers may pass an upgradable reader, whom they do not keep waiting.
func (l *rawRWLock) dispatch(c *crowd) {
	var first, last *waiter // those let in
	old := l.state.Load(word.Relaxed)
	for w := c.queue.head; w != nil; {
		// With rwQueued set nobody biases it again.
		if old&rwBiased != 0 && w.want.excludes() {
			if l.unbias() {
				l.state.FetchAdd(^(rwReader - 1), word.Release)
			}
			old = l.state.Load(word.Relaxed)
		}
		next, ok := w.want.enter(old)
		refused := !ok && w.want == wantRead && old&rwWriter == 0
		if refused {
			next = old
		} else if !ok {
			if c.readers == 0 || !l.mayPass(w, old) {
				break
			}
			w = w.next
			continue
		}
		if w == c.queue.head && w.next == nil {
			next &^= rwQueued
		}
		// Acquire and release: what was unlocked happens before w, through us.
		found, ok := l.state.CompareExchange(old, next, word.AcqRel, word.Relaxed)
		if !ok {
			old = found
			continue
		}
		old = next
		then := w.next
		c.count(w.want, -1)
		c.queue.remove(w)
		if refused {
			w.want = wantRefused
		}
		if last == nil {
			first = w
		} else {
			last.next = w
		}
		last, w = w, then
	}
	c.queue.Unlock()
	wakeAll(first)
}

// lockAndDispatch is dispatch for who does not have the queue's lock.
func (l *rawRWLock) lockAndDispatch() {
	c := l.crowd.get()
	c.queue.Lock()
	l.dispatch(c)
}

// mayPass reports whether readers in the queue may enter before w, which cannot
// enter itself.
func (l *rawRWLock) mayPass(w *waiter, state uint32) bool {
	if state&rwWriter != 0 {
		return false
	}
	return w.want == wantUpgradable || w.want == wantUpgrade && l.policy == ReaderPreferring
}

// leave subtracts what the caller holds. It reports false, and changes
// nothing, if nobody holds it.
func (l *rawRWLock) leave(held uint32) bool {
	return l.left(l.state.FetchAdd(-held, word.Release), held)
}

// left is the second half of leave, for the state from which held was subtracted.
func (l *rawRWLock) left(old, held uint32) bool {
	if !holds(old, held) {
		l.state.FetchAdd(held, word.Relaxed)
		return false
	}
	if old&rwWatched != 0 {
		watch.Released(l.object(), asHeld(held))
	}
	if now := old - held; old&rwQueued != 0 && (held != rwReader || now&rwReaders == 0) {
		l.lockAndDispatch()
	}
	return true
}

func holds(state, held uint32) bool {
	if held == rwReader {
		return state&rwReaders != 0
	}
	return state&held != 0
}

// exchange turns what the caller holds into less, without a gap.
func (l *rawRWLock) exchange(held, less uint32) {
	old := l.state.FetchAdd(less-held, word.Release)
	if old&rwWatched != 0 {
		watch.Released(l.object(), asHeld(held))
		watch.Took(l.object(), asHeld(less))
	}
	if old&rwQueued != 0 {
		l.lockAndDispatch()
	}
}

func (l *rawRWLock) poison() {
	if !l.sound {
		l.state.FetchOr(rwPoisoned, word.Relaxed)
	}
}

func (l *rawRWLock) isPoisoned() bool { return l.state.Load(word.Relaxed)&rwPoisoned != 0 }

func (l *rawRWLock) clearPoison() { l.state.FetchAnd(^rwPoisoned, word.Relaxed) }

// isLocked is for a lock that nobody else uses, and a hint otherwise.
func (l *rawRWLock) isLocked() bool {
	if l.unbias() {
		l.leave(rwReader)
	}
	return l.state.Load(word.Relaxed)&(rwWriter|rwUpgradable|rwReaders) != 0
}
