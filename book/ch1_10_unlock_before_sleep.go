package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// UnlockBeforeSleep is [SleepBeforeUnlock] with those two lines exchanged: now
// the threads sleep side by side, one second in all.
func UnlockBeforeSleep(ctx context.Context, _ io.Reader, out *Stdout) {
	n := lock.NewMutex(0)
	start := time.Now()
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 10 {
			s.Go(func() {
				guard := n.Lock()
				for range 100 {
					*guard.Ptr() += 1
				}
				guard.Unlock()
				sleep(ctx, time.Second) // with the lock free
			})
		}
	})
	Dbg(out, unwrap(n.IntoInner()))
	fmt.Fprintf(out, "all of it took %v\n", time.Since(start).Round(time.Millisecond))
}
