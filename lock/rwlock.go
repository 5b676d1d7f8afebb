package lock

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/park"
)

// An RWLock is a lock that holds the data it protects, for one writer or any
// number of readers. The zero RWLock is unlocked, Fair, and holds the zero T.
// An RWLock must not be copied after first use.
//
// A third kind of holder, the upgradable reader, stands beside readers but not
// beside another of its kind or a writer; it can become the writer without
// letting another writer in between.
//
// In the terminology of the Go memory model, the end of a writer synchronizes
// before the start of whoever enters after it, and the end of a reader before
// the start of the next writer. A try that fails and a wait whose limit is
// reached synchronize nothing.
//
// A writer that panics poisons the RWLock, as it does a Mutex; a reader never
// does, and Unpoisoned makes an RWLock that nobody does. A thread that waits for a
// second read lock while it holds one can wait forever: a writer may have queued
// in between; ReadRecursive does not. An upgradable reader that
// waits keeps no reader waiting. One reader more than some 33 million at a time
// panics with a [*ReadersError].
//
// When the time of a wait runs out at the moment in which the lock is handed
// over, the caller gets the lock, and no error.
type RWLock[T any] struct {
	_     noCopy
	raw   rawRWLock
	at    access.Location
	value T
}

// NewRWLock returns an unlocked RWLock that holds v, with the given policy, or
// Fair. It panics with a *PolicyError for a policy that does not exist.
func NewRWLock[T any](v T, policy ...Policy) *RWLock[T] {
	l := &RWLock[T]{value: v}
	switch {
	case len(policy) == 1 && int(policy[0]) < len(policyNames):
		l.raw.policy = policy[0]
	case len(policy) != 0:
		panic(&PolicyError{policy})
	}
	return l
}

// Unpoisoned makes l an RWLock that a writer's panic does not poison, and returns
// it. It clears poison that is there. Call it before the RWLock is shared.
func (l *RWLock[T]) Unpoisoned() *RWLock[T] {
	l.raw.sound = true
	l.raw.clearPoison()
	return l
}

// Read waits until it may read and returns the guard. It panics with a
// *PoisonError if the RWLock is poisoned; ReadResult returns that.
func (l *RWLock[T]) Read() ReadGuard[T] {
	held := &l.raw.state
	if !held.Enter(rwReader) {
		held = l.raw.read()
	}
	return ReadGuard[T]{checked.NewHandle(), l, held}
}

// Write waits until it may write and returns the guard. It panics with a
// *PoisonError if the RWLock is poisoned; WriteResult returns that.
func (l *RWLock[T]) Write() WriteGuard[T] {
	if !l.raw.state.Take() {
		l.raw.writeUnpoisoned()
	}
	return WriteGuard[T]{checked.NewHandle(), l}
}

// UpgradableRead waits until it may read as the one upgradable reader, and
// returns the guard. It panics with a *PoisonError if the RWLock is poisoned;
// UpgradableReadResult returns that.
func (l *RWLock[T]) UpgradableRead() UpgradableGuard[T] {
	l.raw.lockUnpoisoned(wantUpgradable)
	return UpgradableGuard[T]{checked.NewHandle(), l}
}

// writeUnpoisoned is the slow half of Write: one call and no argument, which is
// what the inliner's budget has left there.
//
//go:noinline
func (l *rawRWLock) writeUnpoisoned() { l.lockUnpoisoned(wantWrite) }

// lockUnpoisoned is the slow half of Read, Write and UpgradableRead.
func (l *rawRWLock) lockUnpoisoned(w want) {
	_ = l.lock(w, park.Limit{}) // without a limit it cannot fail
	if l.isPoisoned() {
		l.leave(w.held())
		panic(&PoisonError{"RWLock"})
	}
}

// held is what a waiter holds in the state once it has entered.
func (w want) held() uint32 {
	return [...]uint32{wantRead: rwReader, wantWrite: rwWriter, wantUpgradable: rwUpgradable, wantUpgrade: rwWriter}[w]
}

// ReadResult waits until it may read. If the RWLock is poisoned, it returns
// the guard together with a *PoisonError.
func (l *RWLock[T]) ReadResult() (ReadGuard[T], error) {
	return l.reading(l.raw.lock(wantRead, park.Limit{}))
}

// TryRead is ReadResult if it need not wait. Otherwise the error is ErrWouldBlock.
func (l *RWLock[T]) TryRead() (ReadGuard[T], error) { return l.reading(l.raw.tryResult(wantRead)) }

// ReadTimeout is ReadResult that waits for at most d; then the error is ErrTimeout.
func (l *RWLock[T]) ReadTimeout(d time.Duration) (ReadGuard[T], error) {
	return l.reading(l.raw.lock(wantRead, park.Timeout(d)))
}

// ReadContext is ReadResult that waits until ctx is done; then the error is ctx.Err().
func (l *RWLock[T]) ReadContext(ctx context.Context) (ReadGuard[T], error) {
	return l.reading(l.raw.lock(wantRead, park.Context(ctx)))
}

// WriteResult waits until it may write. If the RWLock is poisoned, it returns
// the guard together with a *PoisonError, so that the caller may mend the data.
func (l *RWLock[T]) WriteResult() (WriteGuard[T], error) {
	return l.writing(l.raw.lock(wantWrite, park.Limit{}))
}

// TryWrite is WriteResult if it need not wait. Otherwise the error is ErrWouldBlock.
func (l *RWLock[T]) TryWrite() (WriteGuard[T], error) { return l.writing(l.raw.tryResult(wantWrite)) }

// WriteTimeout is WriteResult that waits for at most d; then the error is ErrTimeout.
func (l *RWLock[T]) WriteTimeout(d time.Duration) (WriteGuard[T], error) {
	return l.writing(l.raw.lock(wantWrite, park.Timeout(d)))
}

// WriteContext is WriteResult that waits until ctx is done; then the error is ctx.Err().
func (l *RWLock[T]) WriteContext(ctx context.Context) (WriteGuard[T], error) {
	return l.writing(l.raw.lock(wantWrite, park.Context(ctx)))
}

// UpgradableReadResult waits until it may read as the one upgradable reader.
// If the RWLock is poisoned, it returns the guard together with a *PoisonError.
func (l *RWLock[T]) UpgradableReadResult() (UpgradableGuard[T], error) {
	return l.upgradable(l.raw.lock(wantUpgradable, park.Limit{}))
}

// TryUpgradableRead is UpgradableReadResult if it need not wait. Otherwise the
// error is ErrWouldBlock.
func (l *RWLock[T]) TryUpgradableRead() (UpgradableGuard[T], error) {
	return l.upgradable(l.raw.tryResult(wantUpgradable))
}

// UpgradableReadTimeout is UpgradableReadResult that waits for at most d; then
// the error is ErrTimeout.
func (l *RWLock[T]) UpgradableReadTimeout(d time.Duration) (UpgradableGuard[T], error) {
	return l.upgradable(l.raw.lock(wantUpgradable, park.Timeout(d)))
}

// UpgradableReadContext is UpgradableReadResult that waits until ctx is done;
// then the error is ctx.Err().
func (l *RWLock[T]) UpgradableReadContext(ctx context.Context) (UpgradableGuard[T], error) {
	return l.upgradable(l.raw.lock(wantUpgradable, park.Context(ctx)))
}

func (l *rawRWLock) tryResult(w want) error {
	if !l.try(w) {
		return ErrWouldBlock
	}
	return nil
}

// reading makes the guard, unless waiting failed with err.
func (l *RWLock[T]) reading(err error) (ReadGuard[T], error) {
	if err != nil {
		return ReadGuard[T]{}, err
	}
	return ReadGuard[T]{checked.NewHandle(), l, &l.raw.state}, l.poisoned()
}

// writing makes the guard, unless waiting failed with err.
func (l *RWLock[T]) writing(err error) (WriteGuard[T], error) {
	if err != nil {
		return WriteGuard[T]{}, err
	}
	return WriteGuard[T]{checked.NewHandle(), l}, l.poisoned()
}

// upgradable makes the guard, unless waiting failed with err.
func (l *RWLock[T]) upgradable(err error) (UpgradableGuard[T], error) {
	if err != nil {
		return UpgradableGuard[T]{}, err
	}
	return UpgradableGuard[T]{checked.NewHandle(), l}, l.poisoned()
}

func (l *RWLock[T]) poisoned() error {
	if l.raw.isPoisoned() {
		return &PoisonError{"RWLock"}
	}
	return nil
}

// WithRead calls f with the data while it reads. It panics with a *PoisonError
// as Read does. A panic of f unlocks and goes on; it does not poison.
func (l *RWLock[T]) WithRead(f func(v T)) {
	g := l.Read()
	defer g.Unlock()
	f(g.Get())
}

// WithWrite calls f with a pointer to the data while it writes. If f panics or
// calls runtime.Goexit, the RWLock is poisoned and unlocked, and the panic goes
// on. f must not keep the pointer. It panics with a *PoisonError as Write does.
func (l *RWLock[T]) WithWrite(f func(v *T)) {
	if !l.raw.state.Take() {
		l.raw.writeUnpoisoned()
	}
	returned := false
	// It unlocks only after a panic or a Goexit: inside it would cost more.
	defer l.raw.endWith(&returned)
	l.at.Write()
	f(&l.value)
	l.at.Write()
	returned = true
	l.raw.leave(rwWriter)
}

func (l *rawRWLock) endWith(returned *bool) {
	if !*returned {
		l.poison()
		l.leave(rwWriter)
	}
}

// IsPoisoned reports whether a thread panicked while it wrote. Unless the
// caller holds the lock, the answer may be out of date.
func (l *RWLock[T]) IsPoisoned() bool { return l.raw.isPoisoned() }

// ClearPoison declares the data sound again. Call it while holding the guard
// that WriteResult returned.
func (l *RWLock[T]) ClearPoison() { l.raw.clearPoison() }

// GetMut returns a pointer to the data without locking, for an RWLock that
// nobody else can use. It panics with an *InUseError if the RWLock is locked.
func (l *RWLock[T]) GetMut() *T {
	if l.raw.isLocked() {
		panic(&InUseError{"RWLock.GetMut"})
	}
	l.at.Write()
	return &l.value
}

// IntoInner returns the data of an RWLock that nobody else can use any more,
// and a *PoisonError if it is poisoned. It panics with an *InUseError if the
// RWLock is locked.
func (l *RWLock[T]) IntoInner() (T, error) {
	if l.raw.isLocked() {
		panic(&InUseError{"RWLock.IntoInner"})
	}
	l.at.Read()
	return l.value, l.poisoned()
}
