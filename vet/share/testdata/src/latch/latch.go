// Package latch has variables that change one way only, and what rests on them.
package latch

import (
	"sync"
	"sync/atomic"
)

// unknown makes the programs open, so that they are not run.
var unknown func() any

type pool struct {
	mu      sync.Mutex
	stopped atomic.Bool
	plain   bool
	tasks   chan int
	once    sync.Once
	closed  atomic.Bool
	done    chan struct{}
	n       int
	err     error
}

// Right: it sends only while it holds the lock, and has seen no stop with it.
func (p *pool) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped.Load() {
		return
	}
	p.tasks <- 1
}

func (p *pool) stop() {
	p.once.Do(func() {
		p.mu.Lock()
		p.stopped.Store(true)
		p.mu.Unlock()
		close(p.tasks) // want "`p.tasks` is closed here and sent to"
	})
}

func Right1(p *pool) {
	unknown()
	go p.pause()
	p.stop()
}

// Wrong: gives the lock back between.
func (p *pool) pauseWrong() {
	p.mu.Lock()
	if p.stopped.Load() {
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.tasks <- 1
}

func Wrong1(p *pool) {
	unknown()
	go p.pauseWrong()
	p.stop()
}

// Wrong: stores without the lock.
func (p *pool) stopWrong() {
	p.once.Do(func() {
		p.stopped.Store(true)
		close(p.tasks) // want "`p.tasks` is closed here and sent to"
	})
}

func Wrong2(p *pool) {
	unknown()
	go p.pause()
	p.stopWrong()
}

// Wrong: the flag goes back.
type pool2 struct {
	mu      sync.Mutex
	stopped bool
	n       int
}

func Wrong3(p *pool2) {
	unknown()
	go func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.stopped {
			return
		}
		p.n++
	}()
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.mu.Lock()
	p.stopped = false
	p.mu.Unlock()
	p.n++ // want "`p.n` is written here"
}

func Right3(p *pool2) {
	unknown()
	go func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.stopped {
			return
		}
		p.n++
	}()
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.n++
}

// Right: one winner
func (p *pool) close() {
	if !p.closed.CompareAndSwap(false, true) {
		return
	}
	defer close(p.done)
	p.n++
}

func Right4(p *pool) {
	unknown()
	go p.close()
	p.close()
}

// Wrong: the winner opens it again
func Wrong4(p *pool) {
	unknown()
	go func() {
		if p.closed.CompareAndSwap(false, true) {
			p.n++
			p.closed.Store(false)
			p.n++
		}
	}()
	if p.closed.CompareAndSwap(false, true) {
		p.n++ // want "`p.n` is written here"
	}
}

// Right: the loser never closes
func Right5() {
	unknown()
	p := &pool{done: make(chan struct{})}
	p.closed.Store(true)
	go p.close()
	w := make(chan error, 1)
	go func() {
		<-p.done
		w <- p.err
	}()
	p.err = nil
	close(p.done)
	<-w
}

// Wrong: it may win.
func Wrong5() {
	unknown()
	p := &pool{done: make(chan struct{})}
	go p.close()
	w := make(chan error, 1)
	go func() {
		<-p.done
		w <- p.err
	}()
	p.err = nil // want "`p.err` is written here"
	<-w
}

// Wrong: two flags
func Wrong6(p, q *pool) {
	unknown()
	go func() {
		if p.closed.CompareAndSwap(false, true) {
			q.n++
		}
	}()
	if q.closed.CompareAndSwap(false, true) {
		q.n++ // want "`q.n` is written here"
	}
}

// Wrong: a flag for each round, one variable for all
func Wrong7() {
	unknown()
	n := 0
	for range 3 {
		var won atomic.Bool
		for range 2 {
			go func() {
				if won.CompareAndSwap(false, true) {
					n++ // want "`n` is written here"
				}
			}()
		}
	}
}

func Right1b(tasks int) {
	unknown()
	p := &pool{tasks: make(chan int, tasks)}
	go p.pause()
	p.stop()
}
func Wrong1b(tasks int) {
	unknown()
	p := &pool{tasks: make(chan int, tasks)}
	go p.pauseWrong()
	p.stop()
}
func Wrong2b(tasks int) {
	unknown()
	p := &pool{tasks: make(chan int, tasks)}
	go p.pause()
	p.stopWrong()
}
