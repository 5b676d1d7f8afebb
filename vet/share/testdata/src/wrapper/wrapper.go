// Package wrapper starts goroutines, waits for them and locks on behalf of
// others: its facts tell package imports what it does.
package wrapper

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// Run runs f in a goroutine.
func Run(f func()) { // want Run:"runs parameters \\[0\\] in goroutines"
	go func() {
		defer func() { _ = recover() }()
		f()
	}()
}

// Both runs f and g at once, and waits for them.
func Both(f, g func()) { // want Both:"runs parameters \\[0 1\\] in goroutines"
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(g)
	wg.Wait()
}

// A Pool runs functions in goroutines.
type Pool struct {
	name string
	wg   sync.WaitGroup
	errs *errgroup.Group
}

// New returns a Pool.
func New(name string) *Pool { return &Pool{name: name, errs: new(errgroup.Group)} } // want New:"makes results \\[0\\]"

// Go runs f in a goroutine.
func (p *Pool) Go(f func()) { // want Go:"lends parameters \\[0\\]" Go:"runs parameters \\[0\\] in goroutines"
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		f()
	}()
}

// Try runs f in a goroutine, too.
func (p *Pool) Try(f func() error) { // want Try:"lends parameters \\[0\\]" Try:"runs parameters \\[0\\] in goroutines"
	p.errs.Go(f)
}

// Wait waits for all that Go has started.
func (p *Pool) Wait() { // want Wait:"lends parameters \\[0\\]" Wait:"joins"
	p.wg.Wait()
}

// Tried waits for all that Try has started.
func (p *Pool) Tried() error { // want Tried:"lends parameters \\[0\\]" Tried:"joins"
	if err := p.errs.Wait(); err != nil {
		return err
	}
	return nil
}

// Enter counts a goroutine that its caller starts.
func (p *Pool) Enter() { // want Enter:"lends parameters \\[0\\]" Enter:"adds to a group"
	p.wg.Add(1)
}

// Leave tells that a goroutine is over.
func (p *Pool) Leave() { // want Leave:"lends parameters \\[0\\]" Leave:"is done"
	p.wg.Done()
}

// Close waits through another method.
func (p *Pool) Close() { // want Close:"lends parameters \\[0\\]" Close:"joins"
	p.Wait()
}

// WaitIf may not wait.
func (p *Pool) WaitIf(busy bool) { // want WaitIf:"lends parameters \\[0\\]"
	if busy {
		p.wg.Wait()
	}
}

// WaitOr waits, but does more than that.
func (p *Pool) WaitOr(done chan struct{}) { // want WaitOr:"lends parameters \\[0\\]" WaitOr:"joins"
	p.wg.Wait()
	<-done
}

// A Gate locks under names of its own.
type Gate struct {
	N    int
	name string
	Mu   sync.RWMutex
}

// Enter locks the gate.
func (g *Gate) Enter() { g.Mu.Lock() }

// Leave unlocks it.
func (g *Gate) Leave() { g.Mu.Unlock() }

// Look locks the gate for reading.
func (g *Gate) Look() { g.Mu.RLock() }

// Looked unlocks it.
func (g *Gate) Looked() { g.Mu.RUnlock() }
