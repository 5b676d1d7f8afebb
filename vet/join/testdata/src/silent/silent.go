// The program silent waits for all its goroutines.
package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// A goroutine that is counted may count others.
func tree(n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for i := range n {
			wg.Add(1)
			go func() {
				defer wg.Done()
				fmt.Println(i)
			}()
		}
	}()
	wg.Wait()
}

func both(ok bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if ok {
			wg.Done()
			return
		}
		fmt.Println("not ok")
		wg.Done()
	}()
	wg.Wait()
}

// A scope joins its threads, kept or not.
func scoped() {
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { fmt.Println("a") })
		s.Go(func() { fmt.Println("b") })
	})
}

func joined() {
	h := thread.Go(func() { fmt.Println("c") })
	if _, err := h.Join(); err != nil {
		fmt.Println(err)
	}
}

func main() {
	tree(3)
	both(true)
	scoped()
	joined()
	done := make(chan bool)
	go func() {
		fmt.Println("d")
		done <- true
	}()
	<-done
}

// A ticker's channel is never closed.
func ticks(done chan bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for range time.NewTicker(time.Second).C {
			select {
			case <-done:
				wg.Done()
				return
			default:
			}
		}
	}()
	wg.Wait()
}

// The goroutine says that it counts itself before anyone waits.
func ready() {
	var started, wg sync.WaitGroup
	started.Add(1)
	go func() {
		wg.Add(1)
		defer wg.Done()
		started.Done()
		println()
	}()
	started.Wait()
	wg.Wait()
}
