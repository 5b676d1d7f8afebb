package wrong

import (
	"sync"
	"sync/atomic"
)

// One writer does not take the lock.
type breaker struct {
	mu    sync.Mutex
	state uint32
}

func (b *breaker) State() uint32 { return atomic.LoadUint32(&b.state) }

func (b *breaker) Open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == 1 { // want "b.state is read plainly here, but atomically at guarded.go:[0-9]+"
		return false
	}
	atomic.StoreUint32(&b.state, 1)
	return true
}

func (b *breaker) Reset() { atomic.StoreUint32(&b.state, 0) }

// The lock is another object's.
type pair struct {
	mu    sync.Mutex
	count int32
	other *pair
}

func (p *pair) Add() {
	p.mu.Lock()
	defer p.mu.Unlock()
	atomic.AddInt32(&p.count, 1)
}

func (p *pair) Count() int32 { return atomic.LoadInt32(&p.count) }

func (p *pair) Others() int32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.other.count // want "count is read plainly here"
}

// A read lock does not keep two writers apart from a reader with a read lock.
type level struct {
	sync.RWMutex
	now int32
}

func (l *level) Raise() {
	l.RLock()
	atomic.AddInt32(&l.now, 1)
	l.RUnlock()
}

func (l *level) Now() int32 { return atomic.LoadInt32(&l.now) }

func (l *level) High() bool {
	l.RLock()
	defer l.RUnlock()
	return l.now > 3 // want "l.now is read plainly here"
}

// The helper is called without the lock, too.
type gauge struct {
	mu  sync.Mutex
	now int32
}

func (g *gauge) Set(n int32) {
	g.mu.Lock()
	g.store(n)
	g.mu.Unlock()
}

func (g *gauge) Clear() { g.store(0) }

func (g *gauge) store(n int32) { atomic.StoreInt32(&g.now, n) }

func (g *gauge) Now() int32 { return atomic.LoadInt32(&g.now) }

func (g *gauge) Positive() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now > 0 // want "g.now is read plainly here"
}

// A plain write beside atomic reads is a race with these, whatever lock is held.
type width struct {
	mu sync.Mutex
	n  int32
}

func (w *width) Grow() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n = 2 // want "w.n is written plainly here"
}

func (w *width) Add() {
	w.mu.Lock()
	defer w.mu.Unlock()
	atomic.AddInt32(&w.n, 1)
}

func (w *width) N() int32 { return atomic.LoadInt32(&w.n) }
