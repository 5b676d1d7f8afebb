// Package wrong holds locks while it waits for something else.
package wrong

import (
	"os"
	"sync"
	"time"

	"github.com/fearless-go/fearless/thread"
)

type pool struct {
	mu      sync.Mutex
	workers sync.WaitGroup
	results chan int
	closed  bool
}

func (p *pool) shutdown() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.workers.Wait() // want `p.mu is locked since wrong.go:20 and still held during WaitGroup.Wait: whoever wants it waits as long; unlock it before`
}

func (p *pool) retry() {
	p.mu.Lock()
	for !p.closed {
		time.Sleep(time.Second) // want `p.mu is locked since wrong.go:27 and still held during a sleep`
	}
	p.mu.Unlock()
}

func (p *pool) next() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return <-p.results // want `p.mu is locked since wrong.go:35 and still held during a receive from p.results`
}

func (p *pool) put(v int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.results <- v // want `p.mu is locked since wrong.go:41 and still held during a send on p.results`
}

func (p *pool) either(stop chan bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select { // want `p.mu is locked since wrong.go:47 and still held during a select`
	case v := <-p.results:
		_ = v
	case <-stop:
	}
}

// The wait may be in a function that is called.
func (p *pool) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.join() // want `p.mu is locked since wrong.go:58 and still held during WaitGroup.Wait in join \(at wrong.go:64\)`
}

func (p *pool) join() { p.workers.Wait() }

func (p *pool) load(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := os.ReadFile(name) // want `p.mu is locked since wrong.go:67 and still held during os.ReadFile`
	return err
}

func (p *pool) thread() {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := thread.Go(func() { p.mu.Lock(); p.closed = true; p.mu.Unlock() })
	h.Join() // want `p.mu is locked since wrong.go:74 and still held during Join`
}

// A condition variable gives up its own lock only.
type queue struct {
	list  sync.Mutex
	state sync.RWMutex
	ready *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.ready = sync.NewCond(&q.list)
	return q
}

func (q *queue) take() int {
	q.state.RLock()
	defer q.state.RUnlock()
	q.list.Lock()
	defer q.list.Unlock()
	for len(q.items) == 0 {
		q.ready.Wait() // want `q.state is read-locked since wrong.go:95 and still held during a wait for a condition`
	}
	return q.items[0]
}

type first struct {
	mu sync.Mutex
	ch chan int
}

func newFirst() *first { return &first{ch: make(chan int)} }

func (f *first) set(v int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select { // want "f.mu is locked since .* and still held during a select: .*"
	case f.ch <- v:
	case <-f.ch:
	}
}

// One lock that is held for too long is one finding.
func (f *first) twice(v int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ch <- v // want "f.mu is locked since .* and still held during a send on f.ch, and whoever could end that takes it first, at wrong.go:123: they wait for each other forever"
	f.ch <- v
	<-f.ch
}

type crew struct {
	mu    sync.RWMutex
	busy  sync.WaitGroup
	jobs  chan int
	ready chan int
	n     int
}

func (c *crew) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy.Wait() // want "c.mu is locked since .* and still held during WaitGroup.Wait, and whoever could end that takes it first, at wrong.go:.*: they wait for each other forever"
}

func (c *crew) work() {
	defer c.busy.Done()
	c.mu.RLock()
	c.n++
	c.mu.RUnlock()
}

// Somebody else can end the wait without the lock: that is only slow.
func (c *crew) take() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return <-c.jobs // want "still held during a receive from c.jobs: whoever wants it waits as long"
}

func (c *crew) give(v int) { c.jobs <- v }

func (c *crew) giveLocked(v int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jobs <- v // want "still held during a send on c.jobs, and whoever could end that takes it first"
}

// Two read locks do not keep each other out.
func (c *crew) look() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return <-c.ready // want "still held during a receive from c.ready: whoever wants it waits as long"
}

func (c *crew) tell() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.ready <- c.n // want "still held during a send on c.ready: whoever wants it waits as long"
}

type cleaner struct {
	mu      sync.Mutex
	stopped bool
	stop    chan struct{}
	step    chan struct{}
}

// run takes the lock once and then ends any number of waits.
func (c *cleaner) run(work func()) {
	c.mu.Lock()
	c.stopped = false
	c.mu.Unlock()
	for {
		select {
		case <-c.stop:
			return
		default:
			work()
		}
	}
}

func (c *cleaner) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop <- struct{}{} // want "still held during a send on c.stop: whoever wants it waits as long"
}

// steps takes the lock anew before each receive.
func (c *cleaner) steps() {
	for {
		c.mu.Lock()
		c.mu.Unlock()
		<-c.step
	}
}

func (c *cleaner) one() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step <- struct{}{} // want "still held during a send on c.step, and whoever could end that takes it first"
}
