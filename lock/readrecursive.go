package lock

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/internal/park"
)

// ReadRecursive is Read for a thread that may be reading already. It passes
// writers that wait, so that it cannot wait for one that waits for its own first
// reading; only a writer that has the lock keeps it waiting. Writers can
// starve. It is parking_lot's read_recursive.
func (l *RWLock[T]) ReadRecursive() ReadGuard[T] {
	g, err := l.ReadRecursiveResult()
	if err != nil {
		g.Unlock()
		panic(err)
	}
	return g
}

// ReadRecursiveResult is ReadRecursive that returns the guard together with a
// *PoisonError if the RWLock is poisoned.
func (l *RWLock[T]) ReadRecursiveResult() (ReadGuard[T], error) {
	return l.reading(l.raw.lockRecursive(park.Limit{}))
}

// TryReadRecursive is ReadRecursiveResult if it need not wait. Otherwise the
// error is ErrWouldBlock.
func (l *RWLock[T]) TryReadRecursive() (ReadGuard[T], error) {
	if !l.raw.tryRecursive() {
		return ReadGuard[T]{}, ErrWouldBlock
	}
	return l.reading(nil)
}

// ReadRecursiveTimeout is ReadRecursiveResult that waits for at most d; then the
// error is ErrTimeout.
func (l *RWLock[T]) ReadRecursiveTimeout(d time.Duration) (ReadGuard[T], error) {
	return l.reading(l.raw.lockRecursive(park.Timeout(d)))
}

// ReadRecursiveContext is ReadRecursiveResult that waits until ctx is done; then
// the error is ctx.Err().
func (l *RWLock[T]) ReadRecursiveContext(ctx context.Context) (ReadGuard[T], error) {
	return l.reading(l.raw.lockRecursive(park.Context(ctx)))
}
