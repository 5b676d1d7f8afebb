//go:build broken

package proven

import (
	"sync"
	"testing"
)

// One gate for all rounds: a quick goroutine passes it twice, and a slow one
// finds that it has been closed before.
func TestBarrierBroken(t *testing.T) {
	var mu sync.Mutex
	come, gate := 0, make(chan struct{})
	wait := func() {
		mu.Lock()
		if come++; come == 2 {
			come = 0
			close(gate)
		}
		mu.Unlock()
		<-gate
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			wait()
			wait()
		})
	}
	wg.Wait()
}
