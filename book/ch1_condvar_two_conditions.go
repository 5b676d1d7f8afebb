package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// TwoConditions puts a limit on the queue: the consumer waits until it is not empty,
// the producer until it is not full. Each condition has a condition variable, so
// that a notification never wakes one who waits for the other.
func TwoConditions(ctx context.Context, _ io.Reader, out *Stdout) {
	const items, capacity = 6, 2
	queue := lock.NewMutex([]int(nil))
	var notEmpty, notFull lock.Condvar

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			for range items {
				q := queue.Lock()
				notEmpty.WaitWhile(q, func() bool { return len(q.Get()) == 0 })
				item, _ := popFront(q.Ptr())
				q.Unlock()
				notFull.NotifyOne()
				fmt.Fprintf(out, "took %d\n", item)
				sleep(ctx, time.Second) // slower than the producer
			}
		})

		fullest := 0
		for item := range items {
			q := queue.Lock()
			notFull.WaitWhile(q, func() bool { return len(q.Get()) == capacity })
			*q.Ptr() = append(*q.Ptr(), item)
			fullest = max(fullest, len(q.Get()))
			q.Unlock()
			notEmpty.NotifyOne()
		}
		Dbg(out, fullest)
	})
}
