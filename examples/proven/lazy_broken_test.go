//go:build broken

package proven

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Without the second look two goroutines make the value.
func TestLazyBroken(t *testing.T) {
	var value atomic.Pointer[int]
	var mu sync.Mutex
	made := 0
	get := func() {
		if value.Load() != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		made++
		value.Store(new(int))
	}
	var wg sync.WaitGroup
	wg.Go(get)
	wg.Go(get)
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d", made)
	}
}
