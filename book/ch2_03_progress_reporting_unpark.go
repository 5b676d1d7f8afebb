package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// ProgressReportingUnpark is [ProgressReporting] with an Unpark after each item,
// so that the main thread shows each at once, and does not sleep on after the last.
func ProgressReportingUnpark(ctx context.Context, _ io.Reader, out *Stdout) {
	processItem := func(int) { sleep(ctx, 37*time.Millisecond) }
	var numDone atomic.Uint
	progress := NewProgress(out, 100)

	mainThread := thread.Current()

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			for i := range uint(100) {
				processItem(int(i))
				numDone.Store(i+1, atomic.Relaxed)
				mainThread.Unpark()
			}
		})

		for ctx.Err() == nil {
			n := numDone.Load(atomic.Relaxed)
			if n == 100 {
				break
			}
			progress.Report(int(n), "Working.. %d/100 done", n)
			thread.ParkTimeout(paced(ctx, time.Second))
		}
	})

	progress.Finish("Done!")
}
