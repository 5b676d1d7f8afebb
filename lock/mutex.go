package lock

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/word"
)

// A Mutex is a lock that holds the data it protects: nobody reaches the T
// without locking. The zero Mutex is unlocked and holds the zero T. A Mutex
// must not be copied after first use.
//
// In the terminology of the Go memory model, the n-th unlock, be it a Guard's
// Unlock or the end of With, synchronizes before the return of the m-th lock
// for any n < m. A try that fails and a wait whose limit is reached
// synchronize nothing.
//
// # Poisoning
//
// When a thread panics while it holds the lock, the data may be half changed.
// The panic poisons the Mutex: from then on Lock, TryLock and the others report
// a [*PoisonError], until somebody who has mended the data calls ClearPoison.
// A panic is noticed by With, and by Guard.Unlock if that is deferred directly.
// With notices runtime.Goexit too. Unpoisoned makes a Mutex without all that.
//
// # Limits
//
// When the time of LockTimeout or LockContext runs out at the moment in which
// the lock is handed over, the caller gets the lock, and no error. In no
// case is the lock, or another waiter's turn, lost.
type Mutex[T any] struct {
	_     noCopy
	raw   rawMutex
	at    access.Location
	value T
}

// NewMutex returns an unlocked Mutex that holds v.
func NewMutex[T any](v T) *Mutex[T] { return &Mutex[T]{value: v} }

// Unpoisoned makes m a Mutex that a panic does not poison, as those of
// parking_lot, and returns it: for data that are sound whenever a function that
// changes them ends early. It clears poison that is there. Call it before the
// Mutex is shared. A lock and its unlock cost up to twice as much then.
func (m *Mutex[T]) Unpoisoned() *Mutex[T] {
	m.raw.state.FetchOr(mutexUnpoisoned, word.Relaxed)
	m.raw.clearPoison()
	return m
}

// Lock waits until it has the lock and returns the guard. It panics with a
// *PoisonError if the Mutex is poisoned; LockResult returns that.
func (m *Mutex[T]) Lock() Guard[T] {
	if !m.raw.state.Take() {
		m.raw.lockUnpoisoned()
	}
	return Guard[T]{checked.NewHandle(), m}
}

// lockUnpoisoned is the slow half of Lock.
func (m *rawMutex) lockUnpoisoned() {
	if word.LockIsEvent() {
		m.lockEventUnpoisoned()
		return
	}
	// While anyone queues, this is the usual way in for who is awake.
	old := m.state.Load(word.Relaxed)
	if old&(mutexLocked|mutexStarving|mutexPoisoned) == 0 && m.state.CompareAndSwap(old, old|mutexLocked, word.Acquire, word.Relaxed) {
		m.entered()
		return
	}
	_ = m.lockSlow(park.Limit{}) // without a limit it cannot fail
	if m.isPoisoned() {
		m.unlock()
		panic(&PoisonError{"Mutex"})
	}
}

// LockResult waits until it has the lock. If the Mutex is poisoned, it returns
// the guard together with a *PoisonError, so that the caller may look at the
// data and mend it.
func (m *Mutex[T]) LockResult() (Guard[T], error) { return m.locked(m.raw.lockLimit(park.Limit{})) }

// TryLock is LockResult if it need not wait. Otherwise the error is ErrWouldBlock.
func (m *Mutex[T]) TryLock() (Guard[T], error) {
	if m.raw.state.Take() {
		return Guard[T]{checked.NewHandle(), m}, nil
	}
	return m.tryLock()
}

// tryLock is TryLock of a Mutex that is held, awaited or poisoned.
func (m *Mutex[T]) tryLock() (Guard[T], error) {
	if !m.raw.tryLock() {
		return Guard[T]{}, ErrWouldBlock
	}
	return m.locked(nil)
}

// LockTimeout is LockResult that waits for at most d. If the time runs out,
// the error is ErrTimeout.
func (m *Mutex[T]) LockTimeout(d time.Duration) (Guard[T], error) {
	return m.locked(m.raw.lockLimit(park.Timeout(d)))
}

// LockContext is LockResult that waits until ctx is done. The error is then ctx.Err().
func (m *Mutex[T]) LockContext(ctx context.Context) (Guard[T], error) {
	return m.locked(m.raw.lockLimit(park.Context(ctx)))
}

// locked makes the guard, unless waiting failed with err.
func (m *Mutex[T]) locked(err error) (Guard[T], error) {
	if err != nil {
		return Guard[T]{}, err
	}
	g := Guard[T]{checked.NewHandle(), m}
	if m.raw.isPoisoned() {
		return g, &PoisonError{"Mutex"}
	}
	return g, nil
}

// With locks, calls f with a pointer to the data, and unlocks. If f panics or
// calls runtime.Goexit, the Mutex is poisoned and unlocked, and the panic goes
// on. f must not keep the pointer. With panics with a *PoisonError as Lock does.
//
// Of the ways to use a Mutex this is the one to reach for.
func (m *Mutex[T]) With(f func(v *T)) {
	if !m.raw.state.Take() {
		m.raw.lockUnpoisoned()
	}
	returned := false
	// It unlocks only after a panic or a Goexit: inside it would cost more.
	defer m.raw.endWith(&returned)
	m.at.Write()
	f(&m.value)
	m.at.Write()
	returned = true
	m.raw.unlockHeld()
}

// WithResult is m.With for a function that has a result or an error. The error is
// f's own: to unlock and to return an error does not poison.
func WithResult[T, R any](m *Mutex[T], f func(v *T) (R, error)) (result R, err error) {
	m.With(func(v *T) { result, err = f(v) })
	return result, err
}

func (m *rawMutex) endWith(returned *bool) {
	if !*returned {
		m.poison()
		m.unlock()
	}
}

// IsPoisoned reports whether a thread panicked while it held the lock. Unless
// the caller holds the lock, the answer may be out of date.
func (m *Mutex[T]) IsPoisoned() bool { return m.raw.isPoisoned() }

// ClearPoison declares the data sound again. Call it while holding the guard
// that LockResult returned.
func (m *Mutex[T]) ClearPoison() { m.raw.clearPoison() }

// GetMut returns a pointer to the data without locking, for a Mutex that
// nobody else can use: before it is shared, or after all that shared it were
// joined. It panics with an *InUseError if the Mutex is locked.
func (m *Mutex[T]) GetMut() *T {
	if m.raw.isLocked() {
		panic(&InUseError{"Mutex.GetMut"})
	}
	m.at.Write()
	return &m.value
}

// IntoInner returns the data of a Mutex that nobody else can use any more, and
// a *PoisonError if it is poisoned. It panics with an *InUseError if the Mutex is locked.
func (m *Mutex[T]) IntoInner() (T, error) {
	if m.raw.isLocked() {
		panic(&InUseError{"Mutex.IntoInner"})
	}
	m.at.Read()
	if m.raw.isPoisoned() {
		return m.value, &PoisonError{"Mutex"}
	}
	return m.value, nil
}
