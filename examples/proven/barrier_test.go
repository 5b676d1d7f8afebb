package proven

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestBarrier(t *testing.T) {
	b := NewBarrier(2)
	var before [2]atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for round := range before {
				before[round].Add(1)
				b.Wait()
				if before[round].Load() != 2 {
					t.Errorf("round %d went on too early", round)
				}
			}
		})
	}
	wg.Wait()
}
