package orders

import "sync"

type fault struct{ code string }

type pond struct {
	mu sync.Mutex
	n  int
}

func (p *pond) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n = 0
}

// It is another fault by then.
func (p *pond) onFault(f *fault) {
	if f.code == "expired" {
		p.mu.Lock()
		defer p.mu.Unlock()
		f.code = "gone"
	}
	if f.code == "gone" {
		p.drain() // want "p.mu is locked by drain"
	}
}

// The two kinds are of different faults.
func (p *pond) onFaults(f, g *fault) {
	if f.code == "expired" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.n++
	}
	if g.code == "gone" {
		p.drain() // want "p.mu is locked by drain"
	}
}

// It is not that kind, but may be any other.
func (p *pond) onOther(kind int) {
	if kind != 1 {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	if kind == 2 {
		p.drain() // want "p.mu is locked by drain"
	}
}

// It equals another variable, which may be any constant.
func (p *pond) onSame(kind, last int) {
	if kind == last {
		p.mu.Lock()
	}
	if kind == 2 {
		p.drain() // want "p.mu is locked by drain"
	}
	if kind == last {
		p.mu.Unlock()
	}
}
