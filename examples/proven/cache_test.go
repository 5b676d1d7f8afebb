package proven

import (
	"sync"
	"testing"
)

func TestCache(t *testing.T) {
	var c Cache
	computed := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if v := c.Get(1, func() int { computed++; return computed }); v != 1 {
				t.Errorf("got %d", v)
			}
		})
	}
	wg.Wait()
}
