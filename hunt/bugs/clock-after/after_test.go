package after

import (
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

// Two calls of After at once: each looks for the timers that are due, and gives
// the lock back before it ticks the first of them (clock.go:167 to 179). Both
// take the same timer; the second sends a time to its full channel with the lock
// of the clock held, and nobody can use the clock again.
//
// Mend: take the timer out of the list before the lock is given back.
//
// run: go test -count=1
// shows: the clock is locked for good
func TestTwoCallsOfAfter(t *testing.T) {
	for range 100_000 {
		c := clock.NewMock()
		done := make(chan bool, 2)
		for range 2 {
			go func() {
				c.After(0)
				done <- true
			}()
		}
		for range 2 {
			select {
			case <-done:
			case <-time.After(5 * time.Second):
				t.Fatal("the clock is locked for good")
			}
		}
	}
}
