package waiter

import (
	"fmt"
	"sync"
)

// A ledger is written by many goroutines.
type ledger struct {
	mu sync.Mutex
	n  int
}

func (l *ledger) add(n int) {
	l.mu.Lock()
	l.n += n
	l.mu.Unlock()
}

// The group is made anew when all that used it are done.
func groupMadeAnew() int {
	l := &ledger{}
	var wg sync.WaitGroup
	for range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 50 {
				l.add(len(fmt.Sprint(i)))
			}
		}()
	}
	wg.Wait()
	wg = sync.WaitGroup{}
	for range 10 {
		wg.Add(1)
		go func() {
			for i := range 50 {
				l.add(len(fmt.Sprint(i)))
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return l.n
}

// Or by another that waits.
func groupMadeAnewByOther() int {
	l := &ledger{}
	var wg sync.WaitGroup
	for range 10 {
		done := make(chan bool)
		wg.Add(2)
		for range 2 {
			go func() {
				defer wg.Done()
				for i := range 50 {
					l.add(len(fmt.Sprint(i)))
				}
			}()
		}
		go func() {
			wg.Wait()
			close(done)
		}()
		<-done
		wg = sync.WaitGroup{}
	}
	return l.n
}

// One goroutine is not counted.
func groupMadeAnewTooSoon() {
	l := &ledger{}
	var wg, all sync.WaitGroup
	for range 10 {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range 50 {
				l.add(len(fmt.Sprint(i)))
			}
			wg.Wait()
		}()
	}
	wg.Wait()
	wg = sync.WaitGroup{} // want "`wg` is written here and used by the goroutine started at again.go:[0-9]+; nothing orders the two"
	all.Wait()
}
