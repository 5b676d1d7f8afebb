package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// SleepBeforeUnlock is [Mutex] with a second of sleep in each thread before it
// unlocks: the threads sleep one after another, ten seconds in all.
func SleepBeforeUnlock(ctx context.Context, _ io.Reader, out *Stdout) {
	n := lock.NewMutex(0)
	start := time.Now()
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 10 {
			s.Go(func() {
				guard := n.Lock()
				defer guard.Unlock()
				for range 100 {
					*guard.Ptr() += 1
				}
				sleep(ctx, time.Second) //fearless:ignore held it shows what comes of that
			})
		}
	})
	Dbg(out, unwrap(n.IntoInner()))
	fmt.Fprintf(out, "all of it took %v\n", time.Since(start).Round(time.Millisecond))
}
