// Package ended has channels in fields whose one receiver can end while others
// still send.
package ended

import (
	"context"
	"sync"
	"time"
)

// A node may be asked for its state after it has been stopped.
type node struct {
	ask  chan chan int
	stop chan struct{}
	done chan struct{}
}

func newNode() *node {
	return &node{ask: make(chan chan int), stop: make(chan struct{}), done: make(chan struct{})}
}

func (n *node) run() {
	for {
		select {
		case c := <-n.ask:
			c <- 1
		case <-n.stop:
			close(n.done)
			return
		}
	}
}

func (n *node) State() int {
	c := make(chan int)
	n.ask <- c // want "this send can wait for good: the field ask has no buffer, and run, which alone receives from it, can end at ended.go:[0-9]+ by the choice at ended.go:[0-9]+"
	return <-c
}

func (n *node) Stop() {
	select {
	case n.stop <- struct{}{}:
	case <-n.done:
		return
	}
	<-n.done
}

// An agent starts goroutines that report to a loop which the caller can cancel.
type agent struct {
	mu     sync.Mutex
	epoch  int
	status chan int
}

func newAgent() *agent { return &agent{status: make(chan int)} }

func (a *agent) Run(ctx context.Context) {
	for {
		select {
		case <-a.status:
		case <-ctx.Done():
			return
		}
	}
}

func (a *agent) Restart() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.epoch++
	go a.report(a.epoch)
}

func (a *agent) report(epoch int) {
	a.status <- epoch // want "this send can wait for good: the field status has no buffer, and Run"
}

// A hub's clients say that they go, in a deferred call of a literal.
type hub struct {
	leave chan int
	quit  chan struct{}
}

func newHub() *hub { return &hub{leave: make(chan int), quit: make(chan struct{})} }

func (h *hub) run() {
	clients := map[int]bool{}
	for {
		select {
		case <-h.quit:
			return
		case id := <-h.leave:
			delete(clients, id)
		}
	}
}

func (h *hub) Serve(id int, work func()) {
	go func() {
		work()
		h.leave <- id // want "this send can wait for good: the field leave has no buffer, and run"
	}()
}

func (h *hub) Close() { close(h.quit) }

// The loop is a literal, which ends after a while.
type idle struct{ jobs chan func() }

func startIdle() *idle {
	i := &idle{jobs: make(chan func())}
	go func() {
		for {
			select {
			case f := <-i.jobs:
				f()
			case <-time.After(time.Minute):
				return
			}
		}
	}()
	return i
}

func (i *idle) Do(f func()) {
	if f != nil {
		i.jobs <- f // want "this send can wait for good: the field jobs has no buffer, and the function that receives"
	}
}

// The loop itself starts those who answer to it.
type fetcher struct {
	urls    chan string
	results chan int
	stop    chan struct{}
}

func newFetcher() *fetcher {
	return &fetcher{urls: make(chan string, 1), results: make(chan int), stop: make(chan struct{})}
}

func (f *fetcher) loop() {
	for {
		select {
		case u := <-f.urls:
			go f.fetch(u)
		case n := <-f.results:
			println(n)
		case <-f.stop:
			return
		}
	}
}

func (f *fetcher) fetch(url string) {
	f.results <- len(url) // want "this send can wait for good: the field results has no buffer, and loop"
}

func (f *fetcher) Add(url string) { f.urls <- url }

func (f *fetcher) Stop() { close(f.stop) }
