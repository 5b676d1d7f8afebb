// Package silent waits only when it holds no lock, or does not wait.
package silent

import (
	"sync"
	"time"
)

type pool struct {
	mu      sync.Mutex
	nonzero *sync.Cond
	workers sync.WaitGroup
	n       int
	wake    chan struct{}
}

func newPool() *pool {
	p := &pool{wake: make(chan struct{}, 1)}
	p.nonzero = sync.NewCond(&p.mu)
	return p
}

func (p *pool) shutdown() {
	p.mu.Lock()
	p.n = 0
	p.mu.Unlock()
	p.workers.Wait()
}

// The wait gives up the mutex.
func (p *pool) take() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.n == 0 {
		p.nonzero.Wait()
	}
	p.n--
}

func (p *pool) waitLocked() {
	for p.n == 0 {
		p.nonzero.Wait()
	}
}

func (p *pool) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.n > 0 {
		p.waitLocked()
		p.n--
	}
}

// A send that gives up at once does not wait, nor does one into a buffer.
func (p *pool) notify() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
	p.n++
}

func (p *pool) signal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wake <- struct{}{}
}

// The goroutine that is started sleeps, not this one.
func (p *pool) later() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.workers.Add(1)
	go func() {
		defer p.workers.Done()
		time.Sleep(time.Second)
	}()
}

// latest keeps the last value only: it either sends or makes room.
type latest struct {
	mu sync.Mutex
	ch chan int
}

func newLatest() *latest { return &latest{ch: make(chan int, 1)} }

func (l *latest) set(v int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		select {
		case l.ch <- v:
			return
		case <-l.ch:
		}
	}
}
