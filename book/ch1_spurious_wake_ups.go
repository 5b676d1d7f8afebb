package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// SpuriousWakeUps wakes a thread that waits for something before it is there. A
// Park may also return for no reason at all, and a thread cannot tell which it
// was. So it looks at what it waits for, and parks again.
func SpuriousWakeUps(ctx context.Context, _ io.Reader, out *Stdout) {
	var ready atomic.Bool
	rounds := 0

	waiter := thread.Go(func() {
		for !ready.Load(atomic.Acquire) {
			thread.Park()
			rounds++
		}
	})

	for range 3 {
		sleep(ctx, 100*time.Millisecond)
		waiter.Thread().Unpark() // for nothing: it is not ready
	}
	sleep(ctx, 100*time.Millisecond)
	ready.Store(true, atomic.Release)
	waiter.Thread().Unpark()

	unwrap(waiter.Join()) // from here on rounds is ours
	fmt.Fprintf(out, "It was woken %d times, and went on when it was ready: %v.\n", rounds, ready.Load(atomic.Relaxed))
}
