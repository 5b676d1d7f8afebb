package lock

import (
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
)

// rawMutex is a mutex without data.
//
// Like sync.Mutex it lets a running thread take the lock before one that
// would have to be woken first ("barging"), because that is several times
// faster, and hands it to the first in the queue once that has waited for a
// millisecond ("starving"). Unlike sync.Mutex it has its own queue, from which
// a waiter can be taken out when its time is up.
//
// The state holds everything that the two fast paths have to know: it is 0
// if and only if the lock is free, nobody waits, and it is neither poisoned nor
// one of those that never are or watched, whose fast paths are not the fastest.
// mutexQueued, mutexStarving and the waiters change under the queue's lock only.
type rawMutex struct {
	state word.Lock
	queue inflated[queue]
}

const (
	mutexLocked   uint32 = 1 << iota // what Take sets
	mutexQueued                      // the queue is not empty
	mutexWoken                       // a thread is awake and about to try: wake no other
	mutexStarving                    // the next owner is the first in the queue: nobody else takes it
	mutexPoisoned
	mutexUnpoisoned // it never is
	mutexWatched    // its holder is known to package watch
)

func (m *rawMutex) lock() {
	if !m.state.Take() {
		m.lockSlow(park.Limit{})
	}
}

func (m *rawMutex) tryLock() bool {
	if word.LockIsEvent() {
		return word.TryEnter(&m.state, mutexLocked, mutexLocked, nil)
	}
	old := m.state.Load(word.Relaxed)
	for old&(mutexLocked|mutexStarving) == 0 {
		found, ok := m.state.CompareExchange(old, old|mutexLocked, word.Acquire, word.Relaxed)
		if ok {
			m.entered()
			return true
		}
		old = found
	}
	return false
}

// lockLimit returns nil with the lock held, or l's error without it.
func (m *rawMutex) lockLimit(l park.Limit) error {
	if m.state.Take() {
		return nil
	}
	return m.lockSlow(l)
}

// unlock frees the lock, or reports that it was not locked.
func (m *rawMutex) unlock() bool {
	if old := m.state.FetchAdd(^mutexLocked+1, word.Release); old != mutexLocked {
		return m.unlockSlow(old)
	}
	return true
}

// unlockHeld is unlock of a lock that the caller is known to hold. It inlines.
func (m *rawMutex) unlockHeld() {
	if old := m.state.FetchAdd(^mutexLocked+1, word.Release); old != mutexLocked {
		m.unlockSlow(old)
	}
}

// poison marks the data as half changed. The caller holds the lock.
func (m *rawMutex) poison() {
	if m.state.Load(word.Relaxed)&mutexUnpoisoned == 0 {
		m.state.FetchOr(mutexPoisoned, word.Relaxed)
	}
}

// isPoisoned is exact for the holder of the lock, and a hint for others.
func (m *rawMutex) isPoisoned() bool { return m.state.Load(word.Relaxed)&mutexPoisoned != 0 }

func (m *rawMutex) clearPoison() { m.state.FetchAnd(^mutexPoisoned, word.Relaxed) }

func (m *rawMutex) isLocked() bool { return m.state.Load(word.Relaxed)&mutexLocked != 0 }

func (m *rawMutex) lockSlow(l park.Limit) error {
	if word.LockIsEvent() {
		return m.lockEvent(l)
	}
	err := m.lockContended(l)
	if err == nil {
		m.entered()
	}
	return err
}

func (m *rawMutex) lockContended(l park.Limit) error {
	awake := false // we set mutexWoken, to spare an unlock the waking of another
	old := m.state.Load(word.Relaxed)
	for spins := 0; ; {
		if old&(mutexLocked|mutexStarving) == 0 {
			found, ok := m.state.CompareExchange(old, m.settled(old|mutexLocked, awake), word.Acquire, word.Relaxed)
			if ok {
				return nil
			}
			old = found
			continue
		}
		if old&mutexStarving != 0 || !park.CanSpin(spins) {
			break
		}
		if !awake && old&mutexWoken == 0 && old&mutexQueued != 0 {
			awake = m.state.CompareAndSwap(old, old|mutexWoken, word.Relaxed, word.Relaxed)
		}
		park.Spin()
		spins++
		old = m.state.Load(word.Relaxed)
	}
	if err := l.Reached(); err != nil {
		if awake {
			m.state.FetchAnd(^mutexWoken, word.Relaxed)
			m.wake()
		}
		return err
	}
	return m.wait(l, awake)
}

// settled is the state without our mutexWoken, if it is ours.
func (m *rawMutex) settled(state uint32, awake bool) uint32 {
	if awake {
		state &^= mutexWoken
	}
	return state
}

// wait queues until it has the lock or the limit is reached.
func (m *rawMutex) wait(l park.Limit, awake bool) error {
	defer watch.End(watch.Begin(m.object(), watch.Alone, l.IsSet()))
	w := newWaiter(l)
	defer w.free()
	w.since = park.Now()
	w.reason = park.ForMutex.At(w.since)
	if m.lockOrQueue(w, awake) {
		return nil
	}
	for {
		switch {
		case !w.parker.WaitFor(w.reason):
			w.parker.Disarm()
			if m.withdraw(w) {
				return l.Err()
			}
			return nil
		case !w.queued: // handed over
			return nil
		case m.lockWoken(w):
			return nil
		}
	}
}

// lockOrQueue takes the lock if it is free, and otherwise queues w behind the
// others.
func (m *rawMutex) lockOrQueue(w *waiter, awake bool) (locked bool) {
	q := m.queue.get()
	q.Lock()
	defer q.Unlock()
	old := m.state.Load(word.Relaxed)
	for {
		free := old&(mutexLocked|mutexStarving) == 0
		next := old | mutexQueued
		if free {
			next = old | mutexLocked
		}
		found, ok := m.state.CompareExchange(old, m.settled(next, awake), word.Acquire, word.Relaxed)
		if ok {
			if !free {
				q.pushBack(w)
			}
			return free
		}
		old = found
	}
}

// lockWoken tries for w, the first in the queue, which an unlock woke. If
// somebody was faster, w stays where it is and may be woken again.
func (m *rawMutex) lockWoken(w *waiter) (locked bool) {
	for spins := 0; ; spins++ {
		old := m.state.Load(word.Relaxed)
		for old&mutexLocked == 0 {
			found, ok := m.state.CompareExchange(old, old&^mutexWoken|mutexLocked, word.Acquire, word.Relaxed)
			if ok {
				q := m.queue.get()
				q.Lock()
				m.removeHeld(q, w)
				q.Unlock()
				return true
			}
			old = found
		}
		if !park.CanSpin(spins) {
			break
		}
		park.Spin()
	}
	q := m.queue.get()
	q.Lock()
	defer q.Unlock()
	starving := uint32(0)
	if w.since.Starved() {
		starving = mutexStarving
	}
	old := m.state.Load(word.Relaxed)
	for {
		free := old&mutexLocked == 0
		next := old&^mutexWoken | starving
		if free {
			next = old&^mutexWoken | mutexLocked
		}
		found, ok := m.state.CompareExchange(old, next, word.Acquire, word.Relaxed)
		if ok {
			if free {
				m.removeHeld(q, w)
			}
			w.signaled = false
			return free
		}
		old = found
	}
}

// removeHeld takes w, which has the lock now, out of the queue.
func (m *rawMutex) removeHeld(q *queue, w *waiter) {
	q.remove(w)
	if q.head == nil {
		m.state.FetchAnd(^mutexQueued, word.Relaxed)
	}
}

// withdraw takes w, whose time is up, out of the queue. If the lock was handed
// to it meanwhile, it keeps that and returns false.
func (m *rawMutex) withdraw(w *waiter) bool {
	q := m.queue.get()
	q.Lock()
	if !w.queued {
		q.Unlock()
		w.parker.WaitFor(w.reason) // the token of the hand-over, which may still be on the way
		return false
	}
	gone := uint32(0)
	if w.signaled {
		gone = mutexWoken
	}
	if q.head == w {
		gone |= mutexStarving // it was w that starved
	}
	q.remove(w)
	if q.head == nil {
		gone |= mutexQueued
	}
	m.state.FetchAnd(^gone, word.Relaxed)
	q.Unlock()
	if w.signaled {
		w.parker.WaitFor(w.reason)
	}
	// An unlock may have counted on w.
	m.wake()
	return true
}

func (m *rawMutex) unlockSlow(old uint32) bool {
	if old&mutexLocked == 0 {
		m.state.FetchAdd(mutexLocked, word.Relaxed)
		return false
	}
	if old&mutexWatched != 0 {
		watch.Released(m.object(), watch.Alone)
	}
	// A thread that is awake will try and, if it fails, wake or queue. Under
	// starvation it must not try, and the lock is ours to hand over.
	if old&mutexQueued == 0 || old&(mutexWoken|mutexStarving) == mutexWoken {
		return true
	}
	// Whoever has the lock by now will unlock it, and wake then.
	if now := m.state.Load(word.Relaxed); now&mutexLocked == 0 && now&(mutexWoken|mutexStarving) != mutexWoken {
		m.wake()
	}
	return true
}

// wake sees to it that somebody takes the lock, if it is free and anyone waits.
func (m *rawMutex) wake() {
	q := m.queue.get()
	q.Lock()
	old := m.state.Load(word.Relaxed)
	for {
		w := q.head
		if w == nil || old&mutexLocked != 0 || old&(mutexWoken|mutexStarving) == mutexWoken {
			q.Unlock()
			return
		}
		handOver := old&mutexStarving != 0
		next := old | mutexWoken
		if handOver {
			next = m.afterHandOver(old|mutexLocked, w.next)
		}
		// Acquire and release: the unlock happens before w, through us.
		found, ok := m.state.CompareExchange(old, next, word.AcqRel, word.Relaxed)
		if ok {
			if handOver {
				q.remove(w)
			} else {
				w.signaled = true
			}
			q.Unlock()
			w.parker.Unpark()
			return
		}
		old = found
	}
}

// afterHandOver is the state when the first waiter has left and next is first.
func (m *rawMutex) afterHandOver(state uint32, next *waiter) uint32 {
	if next == nil {
		return state &^ (mutexQueued | mutexStarving)
	}
	if !next.since.Starved() {
		return state &^ mutexStarving
	}
	return state
}
