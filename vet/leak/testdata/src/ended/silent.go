package ended

import (
	"context"
	"errors"
	"sync"
)

var errStopped = errors.New("stopped")

// The sender looks out for the end as well.
type looks struct {
	ask  chan int
	stop chan struct{}
}

func newLooks() *looks { return &looks{ask: make(chan int), stop: make(chan struct{})} }

func (l *looks) run() {
	for {
		select {
		case <-l.ask:
		case <-l.stop:
			return
		}
	}
}

func (l *looks) Ask() error {
	select {
	case l.ask <- 1:
		return nil
	case <-l.stop:
		return errStopped
	}
}

func (l *looks) Stop() { close(l.stop) }

// Whoever stops the loop has waited for the senders.
type counted struct {
	wg   sync.WaitGroup
	out  chan int
	stop chan struct{}
}

func newCounted() *counted { return &counted{out: make(chan int), stop: make(chan struct{})} }

func (c *counted) run() {
	for {
		select {
		case n := <-c.out:
			println(n)
		case <-c.stop:
			return
		}
	}
}

func (c *counted) Start() {
	c.wg.Go(c.work)
}

func (c *counted) work() { c.out <- 1 }

func (c *counted) Stop() {
	c.wg.Wait()
	close(c.stop)
}

// A flag under the lock that the sender holds keeps it from coming too late.
type flagged struct {
	mu     sync.Mutex
	closed bool
	in     chan int
	stop   chan struct{}
}

func newFlagged() *flagged { return &flagged{in: make(chan int), stop: make(chan struct{})} }

func (f *flagged) run() {
	for {
		select {
		case <-f.in:
		case <-f.stop:
			return
		}
	}
}

func (f *flagged) Send(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.in <- n
	}
}

func (f *flagged) Stop() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	close(f.stop)
}

// What is left is received after the loop.
type drained struct {
	in   chan int
	stop chan struct{}
}

func newDrained() *drained { return &drained{in: make(chan int), stop: make(chan struct{})} }

func (d *drained) run() {
	for {
		select {
		case <-d.in:
		case <-d.stop:
			for range d.in {
			}
			return
		}
	}
}

func (d *drained) Send(n int) { d.in <- n }

func (d *drained) Stop() { close(d.stop) }

// The loop lets the sender know when it may send.
type turns struct {
	ready chan struct{}
	in    chan int
	stop  chan struct{}
}

func newTurns() *turns {
	return &turns{ready: make(chan struct{}), in: make(chan int), stop: make(chan struct{})}
}

func (t *turns) run() {
	for {
		t.ready <- struct{}{}
		select {
		case <-t.in:
		case <-t.stop:
			return
		}
	}
}

func (t *turns) Send(n int) {
	<-t.ready
	t.in <- n
}

func (t *turns) Stop() { close(t.stop) }

// The loop ends by the channel itself: whoever stops it is received from.
type once struct{ stop chan struct{} }

func newOnce() *once { return &once{stop: make(chan struct{})} }

func (o *once) run(work <-chan int) {
	for {
		select {
		case n := <-work:
			println(n)
		case <-o.stop:
			return
		}
	}
}

func (o *once) Stop() { o.stop <- struct{}{} }

// The goroutine is counted, and whoever cancels may have waited for it.
type grouped struct {
	wg  *sync.WaitGroup
	out chan int
}

func newGrouped(wg *sync.WaitGroup) *grouped { return &grouped{wg, make(chan int)} }

func (g *grouped) Run(ctx context.Context) {
	for {
		select {
		case n := <-g.out:
			println(n)
		case <-ctx.Done():
			return
		}
	}
}

func (g *grouped) Start() {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		g.out <- 1
	}()
}

// The loop does not end by its choices.
type forever struct {
	in   chan int
	tick chan struct{}
}

func newForever() *forever { return &forever{make(chan int), make(chan struct{})} }

func (f *forever) run() {
	for {
		select {
		case <-f.in:
		case <-f.tick:
			println("tick")
		}
	}
}

func (f *forever) Send(n int) { f.in <- n }

func (f *forever) Tick() { f.tick <- struct{}{} }
