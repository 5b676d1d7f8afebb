package thread_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/thread"
)

var errFirst, errSecond = errors.New("first"), errors.New("second")

// The first error ends the siblings, which wait for nothing else, and is returned.
func TestScopeErr(t *testing.T) {
	var cause error
	err := thread.ScopeErr(t.Context(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
		s.Go(func() error { <-ctx.Done(); cause = context.Cause(ctx); return errSecond })
		s.Go(func() error { return nil })
		thread.SpawnScoped(s.ScopeHandle, func() int { <-ctx.Done(); return 0 })
		s.Go(func() error { return errFirst })
		return nil
	})
	if err != errFirst || cause != errFirst {
		t.Error(err, cause)
	}
	if err := thread.ScopeErr(t.Context(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
		s.Go(func() error { return ctx.Err() })
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestScopeErrOfTheFunction(t *testing.T) {
	ended := false
	err := thread.ScopeErr(t.Context(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
		s.Go(func() error { <-ctx.Done(); ended = true; return nil })
		return errFirst
	})
	if err != errFirst || !ended {
		t.Error(err, ended)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := thread.ScopeErr(canceled, func(ctx context.Context, s *thread.ErrScopeHandle) error {
		s.Go(func() error { <-ctx.Done(); return ctx.Err() })
		return nil
	}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A panic is passed on, and cancels, with the error of nobody.
func TestScopeErrPanics(t *testing.T) {
	silently(t)
	value := recovered(func() {
		_ = thread.ScopeErr(t.Context(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
			s.Go(func() error { <-ctx.Done(); return nil })
			s.Go(func() error { panic("in a thread") })
			return nil
		})
	})
	var e *thread.ScopePanicError
	if err, _ := value.(error); !errors.As(err, &e) {
		t.Error(value)
	}
	var kept *thread.ErrScopeHandle
	_ = thread.ScopeErr(t.Context(), func(_ context.Context, s *thread.ErrScopeHandle) error { kept = s; return nil })
	var ended *thread.ScopeEndedError
	if err, _ := recovered(func() { kept.Go(func() error { return nil }) }).(error); !errors.As(err, &ended) {
		t.Error(err)
	}
}

func ExampleScopeErr() {
	err := thread.ScopeErr(context.Background(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
		s.Go(func() error { return errors.New("no such user") })
		s.Go(func() error {
			<-ctx.Done() // a request that would take long ends early
			return ctx.Err()
		})
		return nil
	})
	fmt.Println(err)
	// Output: no such user
}

func ExampleJoinSet() {
	var s thread.JoinSet[int]
	for i := range 4 {
		s.Spawn(func() int { return i * i })
	}
	sum := 0
	for v, err := range s.Results() { // as they come
		if err == nil {
			sum += v
		}
	}
	fmt.Println(sum)
	// Output: 14
}

func ExampleLocal() {
	buffer := thread.NewLocal(func() []byte { return make([]byte, 0, 1024) })
	n, _ := thread.Spawn(func() int {
		buffer.With(func(b *[]byte) { *b = append((*b)[:0], "no lock, no allocation"...) })
		return len(buffer.Get())
	}).Join()
	fmt.Println(n, len(buffer.Get()))
	// Output: 22 0
}
