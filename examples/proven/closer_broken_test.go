//go:build broken

package proven

import (
	"sync"
	"testing"
)

// Both may look before either closes.
func TestCloserBroken(t *testing.T) {
	done := make(chan struct{})
	closing := func() {
		select {
		case <-done:
		default:
			close(done)
		}
	}
	var wg sync.WaitGroup
	wg.Go(closing)
	wg.Go(closing)
	wg.Wait()
}
