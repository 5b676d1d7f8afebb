package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// ProgressReporting has one thread work through a hundred items, and the main
// thread show every second how far it has come: all they share is one number.
func ProgressReporting(ctx context.Context, _ io.Reader, out *Stdout) {
	processItem := func(int) { sleep(ctx, 37*time.Millisecond) }
	var numDone atomic.Uint
	progress := NewProgress(out, 100)

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			for i := range uint(100) {
				processItem(int(i))
				numDone.Store(i+1, atomic.Relaxed)
			}
		})

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
