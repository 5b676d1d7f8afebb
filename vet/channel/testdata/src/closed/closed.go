// Package closed has programs that are run in every interleaving: what panics
// in one of them is told of, whatever the shape of the code.
package closed

import "sync"

func closedBySomebodyElse() {
	c, d := make(chan int), make(chan int)
	go func() { close(c); close(d) }()
	<-d
	close(c) // want `this close can panic: the channel may be closed by then`
}

func closedOnce() {
	c, d := make(chan int), make(chan int)
	go func() { close(d) }()
	<-d
	close(c)
}

func doneTooOften() {
	var wg sync.WaitGroup
	wg.Add(1)
	for range 2 {
		go func() { wg.Done() }() // want `this can panic: the counter of the WaitGroup may be 0 by then`
	}
	wg.Wait()
}

func doneRightly() {
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() { wg.Done() }()
	}
	wg.Wait()
}

type feed struct {
	mu     sync.Mutex
	closed bool
	c      chan int
}

func (f *feed) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.c)
	}
}

func (f *feed) put(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.c <- n
	}
}

func (f *feed) putAnyway(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.c <- n // want `this send can panic: the channel may be closed by then`
}

func stopAndPut() {
	f := &feed{c: make(chan int, 1)}
	go f.stop()
	go f.stop()
	f.put(1)
}

func stopAndPutAnyway() {
	f := &feed{c: make(chan int, 1)}
	go f.stop()
	f.putAnyway(1)
}

// Done is deferred in each, and one of them is not counted.
func deferredTooMany() {
	var wg sync.WaitGroup
	wg.Add(1)
	for range 2 {
		go func() {
			defer wg.Done() // want `this can panic: the counter of the WaitGroup may be 0 by then`
		}()
	}
	wg.Wait()
}

func deferredAsMany() {
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
		}()
	}
	wg.Wait()
}

// Two that close in order, both when they return.
func deferredCloses() {
	c, turn := make(chan int), make(chan bool, 1)
	go func() {
		defer func() { turn <- true }()
		defer close(c)
	}()
	func() {
		defer close(c) // want `this close can panic: the channel may be closed by then`
		<-turn
	}()
}

// The one that was counted is let go first.
func deferredLast() {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Add(1)
	go func() {
		defer func() {
			defer wg.Done()
		}()
	}()
}
