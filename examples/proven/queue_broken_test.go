//go:build broken

package proven

import (
	"sync"
	"testing"
)

// A queue that wakes one waiter may wake another producer: then nobody is left
// to take the item. It needs two of each, and so one cell.
func TestQueueBroken(t *testing.T) {
	var mu sync.Mutex
	moved := sync.NewCond(&mu)
	n := 0
	put := func() {
		mu.Lock()
		defer mu.Unlock()
		for n == 1 {
			moved.Wait()
		}
		n++
		moved.Signal()
	}
	get := func() {
		mu.Lock()
		defer mu.Unlock()
		for n == 0 {
			moved.Wait()
		}
		n--
		moved.Signal()
	}
	var wg sync.WaitGroup
	wg.Go(put)
	wg.Go(put)
	wg.Go(get)
	get()
	wg.Wait()
}
