package proven

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestSemaphore(t *testing.T) {
	s := make(Semaphore, 2)
	var inside atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			s.Acquire()
			defer s.Release()
			if inside.Add(1) > 2 {
				t.Error("three are in")
			}
			inside.Add(-1)
		})
	}
	wg.Wait()
}
