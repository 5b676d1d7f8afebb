package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// ManyConsumers has three threads wait with one condition variable. NotifyOne wakes
// one of them for each item; NotifyAll wakes all for the news that concerns all.
func ManyConsumers(ctx context.Context, _ io.Reader, out *Stdout) {
	type state struct {
		items  []int
		closed bool
	}
	queue := lock.NewMutex(state{})
	var changed lock.Condvar
	var consumed atomic.Uint

	thread.Scope(func(s *thread.ScopeHandle) {
		for consumer := range 3 {
			s.Go(func() {
				for {
					q := queue.Lock()
					changed.WaitWhile(q, func() bool { return len(q.Ptr().items) == 0 && !q.Ptr().closed })
					item, ok := popFront(&q.Ptr().items)
					q.Unlock()
					if !ok {
						fmt.Fprintf(out, "consumer %d: no more items will come\n", consumer)
						return
					}
					fmt.Fprintf(out, "consumer %d: item %d\n", consumer, item)
					consumed.FetchAdd(1, atomic.Relaxed)
				}
			})
		}

		for item := range 6 {
			queue.With(func(q *state) { q.items = append(q.items, item) })
			changed.NotifyOne()
			sleep(ctx, 100*time.Millisecond)
		}
		queue.With(func(q *state) { q.closed = true })
		changed.NotifyAll()
	})
	Dbg(out, consumed.Load(atomic.Relaxed))
}
