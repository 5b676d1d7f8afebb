//go:build broken

package proven

import (
	"sync"
	"testing"
)

// A reader that keeps its lock while it asks for the writer's waits for itself.
func TestCacheBroken(t *testing.T) {
	var mu sync.RWMutex
	get := func() {
		mu.RLock()
		defer mu.RUnlock()
		mu.RLock() // a helper's
		defer mu.RUnlock()
	}
	var wg sync.WaitGroup
	wg.Go(get)
	wg.Go(func() {
		mu.Lock()
		defer mu.Unlock()
	})
	wg.Wait()
}
