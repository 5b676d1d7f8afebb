package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// ThreadParking has a consumer that parks while its queue is empty, and a producer
// that unparks it after every item. An Unpark that comes before the Park is kept,
// so no item waits for the next one.
func ThreadParking(ctx context.Context, _ io.Reader, out *Stdout) {
	const items = 5 // the book's program goes on for ever
	queue := lock.NewMutex([]int(nil))

	thread.Scope(func(s *thread.ScopeHandle) {
		// The consuming thread.
		t := s.Go(func() {
			for received := 0; received < items; {
				guard := queue.Lock()
				item, ok := popFront(guard.Ptr())
				guard.Unlock()
				if ok {
					Dbg(out, item)
					received++
				} else {
					thread.Park()
				}
			}
		})

		// The producing thread.
		for i := range items {
			queue.With(func(q *[]int) { *q = append(*q, i) })
			t.Thread().Unpark()
			sleep(ctx, time.Second)
		}
	})
}
