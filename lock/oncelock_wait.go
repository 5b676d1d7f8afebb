package lock

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/internal/park"
)

// Wait waits until the OnceLock is filled, and returns the value; it runs no function.
func (l *OnceLock[T]) Wait() T {
	v, _ := l.waited(l.core.wait("OnceLock", false, park.Limit{})) // without a limit it cannot fail
	return v
}

// TryWait returns the value, or ErrWouldBlock if there is none.
func (l *OnceLock[T]) TryWait() (T, error) {
	if !l.core.isComplete() {
		return l.waited(ErrWouldBlock)
	}
	return l.waited(nil)
}

// WaitTimeout is Wait for at most d; then the error is ErrTimeout.
func (l *OnceLock[T]) WaitTimeout(d time.Duration) (T, error) {
	return l.waited(l.core.wait("OnceLock", false, park.Timeout(d)))
}

// WaitContext is Wait until ctx is done; then the error is ctx.Err().
func (l *OnceLock[T]) WaitContext(ctx context.Context) (T, error) {
	return l.waited(l.core.wait("OnceLock", false, park.Context(ctx)))
}

func (l *OnceLock[T]) waited(err error) (v T, _ error) {
	if err != nil {
		return v, err
	}
	return l.load(), nil
}
