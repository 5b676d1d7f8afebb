//go:build broken

package proven

import (
	"sync"
	"sync/atomic"
	"testing"
)

// A look and a step are two things.
func TestSemaphoreBroken(t *testing.T) {
	var taken, inside atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if taken.Load() == 2 {
				return // busy
			}
			taken.Add(1)
			defer taken.Add(-1)
			if inside.Add(1) > 2 {
				t.Error("three are in")
			}
			inside.Add(-1)
		})
	}
	wg.Wait()
}
