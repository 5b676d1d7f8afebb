package proven

import (
	"sync"
	"testing"
)

func TestQueue(t *testing.T) {
	q := NewQueue(1)
	var wg sync.WaitGroup
	wg.Go(func() { q.Put(1) })
	wg.Go(func() { q.Put(2) })
	if sum := q.Get() + q.Get(); sum != 3 {
		t.Errorf("got %d", sum)
	}
	wg.Wait()
}
