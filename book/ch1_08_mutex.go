package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// Mutex has ten threads add one to a number a hundred times each. While one of
// them holds the guard the others wait, so that not one addition is lost.
func Mutex(_ context.Context, _ io.Reader, out *Stdout) {
	n := lock.NewMutex(0)
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 10 {
			s.Go(func() {
				guard := n.Lock()
				defer guard.Unlock()
				for range 100 {
					*guard.Ptr() += 1
				}
			})
		}
	})
	Dbg(out, unwrap(n.IntoInner()))
}
