//go:build broken

package proven

import (
	"sync"
	"testing"
)

// What is closed is asked for after the value: a change in between is missed.
func TestTopicBroken(t *testing.T) {
	var mu sync.Mutex
	value, changed := 0, make(chan struct{})
	go func() {
		mu.Lock()
		defer mu.Unlock()
		value = 1
		close(changed)
		changed = make(chan struct{})
	}()
	mu.Lock()
	v := value
	mu.Unlock()
	if v == 0 {
		mu.Lock()
		newer := changed
		mu.Unlock()
		<-newer
	}
}
