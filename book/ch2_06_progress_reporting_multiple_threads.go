package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// ProgressReportingMultipleThreads has four threads count their items in one
// number. With Store they would overwrite each other's count; FetchAdd adds them up.
func ProgressReportingMultipleThreads(ctx context.Context, _ io.Reader, out *Stdout) {
	processItem := func(int) { sleep(ctx, 123*time.Millisecond) }
	var numDone atomic.Uint
	progress := NewProgress(out, 100)

	thread.Scope(func(s *thread.ScopeHandle) {
		// Four threads with 25 items each.
		for t := range 4 {
			s.Go(func() {
				for i := range 25 {
					processItem(t*25 + i)
					numDone.FetchAdd(1, atomic.Relaxed)
				}
			})
		}

		for ctx.Err() == nil {
			n := numDone.Load(atomic.Relaxed)
			if n == 100 {
				break
			}
			progress.Report(int(n), "Working.. %d/100 done", n)
			sleep(ctx, time.Second)
		}
	})

	progress.Finish("Done!")
}
