package silent

import (
	"sync"
	"sync/atomic"
)

var ticket uint64

// Package initialization comes before all.
func init() { ticket = 42 }

func draw() uint64 { return atomic.AddUint64(&ticket, 1) }

type mirror struct {
	mu sync.Mutex
	at uint64
}

// The one writer, which holds mu, reads what only it writes.
func (p *mirror) step(back bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if back {
		atomic.StoreUint64(&p.at, p.at-1)
	}
}

func (p *mirror) where() uint64 { return atomic.LoadUint64(&p.at) }
