//go:build fearless_model

package lock

import (
	"testing"

	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// One thread takes spares and puts them back, as a Condvar does that is waited
// with again and again, while others put theirs: none is lost, and none is had twice.
func TestSparesInTheModel(t *testing.T) {
	model.Check(t, func() {
		var s spares
		known := map[*waiter]bool{}
		all := make([]*waiter, 4)
		for i := range all {
			all[i] = new(waiter)
			known[all[i]] = true
		}
		s.put(all[0])
		s.put(all[1])
		first := thread.Go(func() { s.put(all[2]) })
		second := thread.Go(func() { s.put(all[3]) })
		a := s.take()
		b := s.take()
		model.Assert(a != b && known[a] && known[b])
		s.put(a) // first again, with another next
		_, _ = first.Join()
		_, _ = second.Join()
		left := map[*waiter]bool{b: true}
		for range 3 {
			w := s.take()
			model.Assert(known[w] && !left[w])
			left[w] = true
		}
		model.Assert(!known[s.take()])
	})
}
