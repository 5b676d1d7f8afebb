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

	take := func() (item int) {
		q := queue.Lock()
		defer q.Unlock()
		notEmpty.WaitWhile(q, func() bool { return len(q.Get()) == 0 })
		item, _ = popFront(q.Ptr())
		notFull.NotifyOne()
		return item
	}
	put := func(item int) (length int) {
		q := queue.Lock()
		defer q.Unlock()
		notFull.WaitWhile(q, func() bool { return len(q.Get()) == capacity })
		*q.Ptr() = append(*q.Ptr(), item)
		notEmpty.NotifyOne()
		return len(q.Get())
	}

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			for range items {
				fmt.Fprintf(out, "took %d\n", take())
				sleep(ctx, time.Second) // slower than the producer
			}
		})

		fullest := 0
		for item := range items {
			fullest = max(fullest, put(item))
		}
		Dbg(out, fullest)
	})
}
