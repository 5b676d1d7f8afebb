package proven

import (
	"sync"
	"testing"
)

func TestCloser(t *testing.T) {
	c := NewCloser()
	var wg sync.WaitGroup
	wg.Go(c.Close)
	wg.Go(c.Close)
	<-c.Done()
	wg.Wait()
}
