package silent

import (
	"sync"
	"sync/atomic"
)

// A breaker's state is written under its lock; who holds it may read plainly.
type breaker struct {
	mu    sync.Mutex
	state uint32
	n     int
}

func (b *breaker) State() uint32 { return atomic.LoadUint32(&b.state) }

func (b *breaker) Failed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == 0 {
		b.n++
		if b.n > 3 {
			b.open()
		}
	}
}

func (b *breaker) open() {
	b.change(1)
	go b.later()
}

func (b *breaker) later() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.change(0)
}

func (b *breaker) change(to uint32) {
	b.n = 0
	atomic.StoreUint32(&b.state, to)
}

// A read lock keeps the writers away as well, who hold the lock.
type level struct {
	sync.RWMutex
	now int32
}

func (l *level) Raise() {
	l.Lock()
	atomic.AddInt32(&l.now, 1)
	l.Unlock()
}

func (l *level) Now() int32 { return atomic.LoadInt32(&l.now) }

func (l *level) Peek() int32 { return atomic.LoadInt32(&l.now) }

func (l *level) High() bool {
	l.RLock()
	defer l.RUnlock()
	return l.now > 3
}
