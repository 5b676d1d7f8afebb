package proven

import (
	"sync"
	"testing"
)

func TestMaximum(t *testing.T) {
	var m Maximum
	var wg sync.WaitGroup
	for v := range int64(3) {
		wg.Go(func() { m.Show(v + 1) })
	}
	wg.Wait()
	if m.Get() != 3 {
		t.Errorf("got %d", m.Get())
	}
}
