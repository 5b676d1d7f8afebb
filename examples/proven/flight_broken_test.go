//go:build broken

package proven

import (
	"sync"
	"testing"
)

// The call is over before it is taken out of the map, and its result is written
// after that: who comes in between gets nothing.
func TestFlightBroken(t *testing.T) {
	var mu sync.Mutex
	calls := map[string]*call{}
	do := func() int {
		mu.Lock()
		if c, ok := calls["key"]; ok {
			mu.Unlock()
			<-c.done
			mu.Lock()
			defer mu.Unlock()
			return c.value
		}
		c := &call{done: make(chan struct{})}
		calls["key"] = c
		mu.Unlock()
		close(c.done)
		mu.Lock()
		defer mu.Unlock()
		c.value = 7
		delete(calls, "key")
		return c.value
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if v := do(); v != 7 {
				t.Errorf("got %d", v)
			}
		})
	}
	wg.Wait()
}
