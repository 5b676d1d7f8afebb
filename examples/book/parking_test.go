package book

import (
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// ch1-11: a consumer that parks while its queue is empty, and is unparked after each
// item. An Unpark that comes before the Park is kept, so that no item waits for ever.
//
//fearless:prove -time ideal
func TestParking(t *testing.T) {
	const items = 1 // two have a million schedules
	queue := lock.NewMutex([]int(nil))
	sum := 0
	consumer := thread.Go(func() {
		for received := 0; received < items; {
			guard := queue.Lock()
			q := guard.Get()
			if len(q) == 0 {
				guard.Unlock()
				thread.Park()
				continue
			}
			guard.Set(q[1:])
			guard.Unlock()
			sum += q[0]
			received++
		}
	})
	for i := range items {
		queue.With(func(q *[]int) { *q = append(*q, i+1) })
		consumer.Thread().Unpark()
	}
	if _, err := consumer.Join(); err != nil || sum != 1 {
		t.Error(sum, err)
	}
}
