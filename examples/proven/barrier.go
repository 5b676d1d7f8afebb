package proven

import "sync"

// A Barrier holds n goroutines back until all have come, again and again.
type Barrier struct {
	mu   sync.Mutex
	n    int
	come int
	gate chan struct{} // of this round
}

// NewBarrier returns one for n goroutines.
func NewBarrier(n int) *Barrier { return &Barrier{n: n, gate: make(chan struct{})} }

// Wait returns when n have called it.
func (b *Barrier) Wait() {
	b.mu.Lock()
	b.come++
	gate := b.gate
	if b.come == b.n {
		b.come, b.gate = 0, make(chan struct{})
		close(gate)
	}
	b.mu.Unlock()
	<-gate
}
