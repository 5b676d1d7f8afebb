//go:build broken

package proven

import (
	"sync/atomic"
	"testing"
)

// The item is announced before it is there: the race detector sees it.
func TestRingBroken(t *testing.T) {
	var cell int
	var full atomic.Bool
	go func() {
		full.Store(true)
		cell = 7
	}()
	if full.Load() && cell != 7 {
		t.Error("it was not there")
	}
}
