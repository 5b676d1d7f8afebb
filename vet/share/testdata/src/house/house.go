// Package house has groups of its own, as many houses do.
package house

import (
	"context"
	"sync"
)

// Group counts its goroutines, and keeps their first error.
type Group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

func (g *Group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	}()
}

func (g *Group) Wait() error { g.wg.Wait(); return g.err }

// Err is an errgroup with a cancel function and a limit.
type Err struct {
	cancel func(error)
	wg     sync.WaitGroup
	sem    chan struct{}
	once   sync.Once
	err    error
}

func New(ctx context.Context) (*Err, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Err{cancel: cancel}, ctx
}

func (g *Err) done() {
	if g.sem != nil {
		<-g.sem
	}
	g.wg.Done()
}

func (g *Err) Wait() error {
	g.wg.Wait()
	if g.cancel != nil {
		g.cancel(g.err)
	}
	return g.err
}

func (g *Err) Go(f func() error) {
	if g.sem != nil {
		g.sem <- struct{}{}
	}
	g.wg.Add(1)
	go func() {
		defer g.done()
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				if g.cancel != nil {
					g.cancel(g.err)
				}
			})
		}
	}()
}

// Pool hands on each function to a worker of its own.
type Pool struct{ group sync.WaitGroup }

func NewPool() *Pool { return &Pool{} }

func (p *Pool) Submit(f func()) {
	p.group.Go(f)
}

func (p *Pool) Close() { p.group.Wait() }

// Known keeps its groups, so that others may wait.
type Known struct{ wg sync.WaitGroup }

var all []*Known

func NewKnown() *Known {
	k := &Known{}
	all = append(all, k)
	return k
}

func (k *Known) Go(f func()) { k.wg.Go(f) }
func (k *Known) Wait()       { k.wg.Wait() }
