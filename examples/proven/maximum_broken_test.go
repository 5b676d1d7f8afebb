//go:build broken

package proven

import (
	"sync"
	"sync/atomic"
	"testing"
)

// What was larger may have been stored since.
func TestMaximumBroken(t *testing.T) {
	var m atomic.Int64
	var wg sync.WaitGroup
	for v := range int64(2) {
		wg.Go(func() {
			if m.Load() < v+1 {
				m.Store(v + 1)
			}
		})
	}
	wg.Wait()
	if m.Load() != 2 {
		t.Errorf("got %d", m.Load())
	}
}
