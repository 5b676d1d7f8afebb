//go:build broken

package proven

import "testing"

// The results are waited for one by one, and the workers for somebody to take
// them: who sends all items first waits for ever.
func TestMapBroken(t *testing.T) {
	next, out := make(chan int), make(chan int)
	for range 2 {
		go func() {
			for v := range next {
				out <- v * v
			}
		}()
	}
	for v := range 3 {
		next <- v
	}
	close(next)
	for range 3 {
		<-out
	}
}
