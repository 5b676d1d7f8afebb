package wrong

import "sync/atomic"

// One receives, but all that come after the first send.
func latest(work func(int) int) int {
	var won atomic.Bool
	done := make(chan int)
	for i := range 3 {
		go func() {
			n := work(i)
			if won.CompareAndSwap(false, true) {
				return
			}
			done <- n // want `this send can wait for good`
		}()
	}
	return <-done
}
