package silent

import "sync"

type fault struct{ code string }

// A pond is locked for one kind of fault, and drained, which locks it, for another.
type pond struct {
	mu  sync.Mutex
	n   int
	bad bool
}

func (p *pond) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n = 0
}

func (p *pond) onFault(f *fault) {
	if f.code == "expired" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.n++
	}
	if f.code == "gone" {
		p.drain()
	}
}

func (p *pond) onKind(kind int) {
	if kind == 1 || kind == 2 {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.n++
	}
	switch kind {
	case 3:
		p.drain()
	case 4, 5:
		p.drain()
	}
}

func (p *pond) onName(name string) {
	if name != "a" {
		println(name)
	} else {
		p.mu.Lock()
	}
	if name == "b" {
		p.drain()
	}
	if name == "a" {
		p.mu.Unlock()
	}
}
