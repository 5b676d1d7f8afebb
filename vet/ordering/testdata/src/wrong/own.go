package wrong

import (
	"sync"
	"sync/atomic"
)

type ahead struct {
	mu sync.Mutex
	at uint64
}

// The lock is not held any more.
func (p *ahead) step() {
	p.mu.Lock()
	atomic.StoreUint64(&p.at, 3)
	p.mu.Unlock()
	println(p.at) // want "is read plainly here, but atomically at own.go"
}

func (p *ahead) where() uint64 { return atomic.LoadUint64(&p.at) }
