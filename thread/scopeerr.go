package thread

import (
	"context"

	"github.com/fearless-go/fearless/internal/word"
)

// An ErrScopeHandle is the ScopeHandle of a ScopeErr. Threads that cannot fail, or
// that return a value, are started with the ScopeHandle in it.
type ErrScopeHandle struct {
	*ScopeHandle
	first word.Pointer[error]
}

// ScopeErr is ScopeContext for a function and threads that return errors. The
// first error that is not nil cancels the context, with the error as its cause, so
// that the others can end early; ScopeErr returns it when all have ended. An
// error of f and one of a thread count alike. Panics and Goexit are passed on as
// by Scope.
//
// It is errgroup.WithContext, that cannot be left while a goroutine runs.
func ScopeErr(ctx context.Context, f func(ctx context.Context, s *ErrScopeHandle) error) error {
	s := new(ErrScopeHandle)
	ScopeContext(ctx, func(ctx context.Context, scope *ScopeHandle) {
		s.ScopeHandle = scope
		s.failedWith(f(ctx, s))
	})
	if first := s.first.Load(word.Acquire); first != nil {
		return *first
	}
	return nil
}

// Go starts a thread of the scope that runs f. It panics as ScopeHandle.Go does.
func (s *ErrScopeHandle) Go(f func() error) *ScopedJoinHandle[Void] {
	return s.ScopeHandle.Go(func() { s.failedWith(f()) })
}

func (s *ErrScopeHandle) failedWith(err error) {
	if err == nil || !s.first.CompareAndSwap(nil, &err, word.AcqRel, word.Relaxed) {
		return
	}
	s.cancel(err)
}
