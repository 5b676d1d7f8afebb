package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// StatisticsBehindAMutex is [Statistics] with its three numbers behind one lock.
// They change together and are read together, so the average is never of one item
// more than the sum. The price is a lock for each item instead of three additions.
func StatisticsBehindAMutex(ctx context.Context, _ io.Reader, out *Stdout) {
	type statistics struct {
		items      int
		total, max time.Duration
	}
	processItem := func(int) { sleep(ctx, 123*time.Millisecond) }
	numbers := lock.NewMutex(statistics{})

	thread.Scope(func(s *thread.ScopeHandle) {
		for t := range 4 {
			s.Go(func() {
				for i := range 25 {
					start := time.Now()
					processItem(t*25 + i)
					taken := time.Since(start)
					numbers.With(func(n *statistics) {
						n.items++
						n.total += taken
						n.max = max(n.max, taken)
					})
				}
			})
		}
	})

	n := unwrap(numbers.IntoInner())
	fmt.Fprintf(out, "%d items, the average is at most the peak: %v\n", n.items, n.total/time.Duration(n.items) <= n.max)
}
