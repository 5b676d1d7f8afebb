package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// Statistics counts items, adds up the time that they took (FetchAdd) and keeps
// the longest (FetchMax). The three numbers are not read in one step: for a moment
// the average may miss an item that the count has, which is no matter in a report.
func Statistics(ctx context.Context, _ io.Reader, out *Stdout) {
	processItem := func(int) { sleep(ctx, 123*time.Millisecond) }
	var numDone atomic.Uint
	var totalTime, maxTime atomic.Uint64 // in microseconds
	progress := NewProgress(out, 100)

	thread.Scope(func(s *thread.ScopeHandle) {
		for t := range 4 {
			s.Go(func() {
				for i := range 25 {
					start := time.Now()
					processItem(t*25 + i)
					timeTaken := uint64(time.Since(start).Microseconds())
					numDone.FetchAdd(1, atomic.Relaxed)
					totalTime.FetchAdd(timeTaken, atomic.Relaxed)
					maxTime.FetchMax(timeTaken, atomic.Relaxed)
				}
			})
		}

		for ctx.Err() == nil {
			total := time.Duration(totalTime.Load(atomic.Relaxed)) * time.Microsecond
			peak := time.Duration(maxTime.Load(atomic.Relaxed)) * time.Microsecond
			n := numDone.Load(atomic.Relaxed)
			if n == 100 {
				break
			}
			if n == 0 {
				progress.Report(0, "Working.. nothing done yet.")
			} else {
				progress.Report(int(n), "Working.. %d/100 done, %v average, %v peak", n, total/time.Duration(n), peak)
			}
			sleep(ctx, time.Second)
		}
	})

	progress.Finish("Done!")
}
