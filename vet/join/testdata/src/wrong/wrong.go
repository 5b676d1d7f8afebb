// The program wrong loses goroutines.
package main

import (
	"errors"
	"fmt"
	"sync"

	"github.com/fearless-go/fearless/thread"
)

func fetch(url string) error {
	if url == "" {
		return errors.New("no url")
	}
	return nil
}

func addInside(urls []string) {
	var wg sync.WaitGroup
	for _, u := range urls {
		go func() {
			wg.Add(1) // want `wg.Add is called by the goroutine that it counts: Wait may come first and not wait for it; call Add before the go statement at wrong.go:22, or use wg.Go`
			defer wg.Done()
			fetch(u)
		}()
	}
	wg.Wait()
}

func worker(wg *sync.WaitGroup, url string) {
	wg.Add(1) // want `wg.Add is called by the goroutine that it counts: .* go statement at wrong.go:40`
	defer wg.Done()
	fetch(url)
}

func addInWorker(urls []string) {
	var wg sync.WaitGroup
	for _, u := range urls {
		go worker(&wg, u)
	}
	wg.Wait()
}

func doneMissed(urls []string) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func() {
			if fetch(u) != nil {
				return // want `the goroutine started at wrong.go:49 ends here without calling wg.Done, which other paths call: Wait waits forever; defer wg.Done\(\)`
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func dropped() {
	thread.Go(func() { fetch("a") })          // want `the JoinHandle of this thread is dropped: nobody can wait for it or learn that it panicked; keep what thread.Go returns and call Join`
	_ = thread.Spawn(func() int { return 1 }) // want `the JoinHandle of this thread is dropped`
}

func main() {
	addInside(nil)
	go fetch("b") // want `main returns without waiting for the goroutine that it starts here: the program ends and the goroutine with it`
	fmt.Println("done")
}

func values(ch, done chan bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for range ch {
			select {
			case <-done:
				wg.Done()
				return
			default:
			}
		}
	}() // want "the goroutine started at .* ends here without calling wg.Done, which other paths call: .*"
	wg.Wait()
}

func unready() {
	var started, wg sync.WaitGroup
	started.Add(1)
	go func() {
		started.Done()
		wg.Add(1) // want "wg.Add is called by the goroutine that it counts: .*"
		defer wg.Done()
		println()
	}()
	started.Wait()
	wg.Wait()
}

func tooLate() {
	var wg sync.WaitGroup
	ended := make(chan bool)
	go func() {
		wg.Add(1) // want "wg.Add is called by the goroutine that it counts: .*"
		println()
		wg.Done()
		ended <- true
	}()
	wg.Wait()
	<-ended
}
