package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// Condvar is [ThreadParking] with a condition variable: the producer need not know
// who consumes. Wait unlocks the queue and sleeps in one step, so that no
// notification falls between.
func Condvar(ctx context.Context, _ io.Reader, out *Stdout) {
	const items = 5 // the book's program goes on for ever
	queue := lock.NewMutex([]int(nil))
	var notEmpty lock.Condvar

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			for range items {
				q := queue.Lock()
				item, ok := popFront(q.Ptr())
				for !ok {
					notEmpty.Wait(q)
					item, ok = popFront(q.Ptr())
				}
				q.Unlock()
				Dbg(out, item)
			}
		})

		for i := range items {
			queue.With(func(q *[]int) { *q = append(*q, i) })
			notEmpty.NotifyOne()
			sleep(ctx, time.Second)
		}
	})
}
