// Package waiter starts goroutines for its callers.
package waiter

import "time"

// Until calls ready now and then until it holds, or gives up.
func Until(ready func() bool, limit time.Duration) bool {
	answer := make(chan bool, 1)
	ask := func() { answer <- ready() }
	timeout := time.After(limit)
	go ask()
	for {
		select {
		case <-timeout:
			return false
		case ok := <-answer:
			if ok {
				return true
			}
			go ask()
		}
	}
}

// Started returns when work has begun.
func Started(work func()) {
	begun := make(chan bool)
	go func() {
		close(begun)
		work()
	}()
	<-begun
}
