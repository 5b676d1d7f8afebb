package proven

import (
	"sync"
	"testing"
)

func TestLazy(t *testing.T) {
	made := 0
	l := &Lazy{make: func() int { made++; return 7 }}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if v := l.Get(); v != 7 {
				t.Errorf("got %d", v)
			}
		})
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("made %d", made)
	}
}
