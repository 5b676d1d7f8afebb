package proven

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestFlight(t *testing.T) {
	var g Flight
	var running, calls atomic.Int32
	f := func() int {
		if running.Add(1) != 1 {
			t.Error("two at a time")
		}
		running.Add(-1)
		return int(calls.Add(1))
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if v := g.Do("key", f); v < 1 || v > 2 {
				t.Errorf("got %d", v)
			}
		})
	}
	wg.Wait()
}
