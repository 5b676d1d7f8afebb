package main

import "sync"

// A pool whose group counts resources: the count of one that is made goes with
// it, to the function that destroys it.
type pool struct {
	mu   sync.Mutex
	left sync.WaitGroup
	all  []*resource
}

type resource struct{ err error }

func (p *pool) create() *resource {
	p.left.Add(1)
	r := new(resource)
	p.all = append(p.all, r)
	return r
}

func (p *pool) fill() {
	r := p.create()
	go func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if r.err != nil {
			p.left.Done()
			return
		}
		p.all = append(p.all, r)
	}()
}

func (p *pool) destroy(r *resource) {
	r.err = nil
	p.left.Done()
}

func (p *pool) close() {
	for _, r := range p.all {
		p.destroy(r)
	}
	p.left.Wait()
}
