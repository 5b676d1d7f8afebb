package engine

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine/explore"
)

// A forecast estimates how many executions an exhaustive exploration will have
// while it is under way: an engine of its own makes a run of a pass now and then.
// What that run meets is not counted, and no failure: the exploration will come
// to it.
type forecast struct {
	runs atomic.Int64 // of the exploration
	mu   sync.Mutex
	e    *Engine
	walk explore.Walker
}

// A forecast begins when the exploration is no longer small, and takes one run in
// so many.
const (
	forecastAfter = 5000
	forecastEvery = 16
)

// foresee is called after each run of the exploration.
func (p *pool) foresee() {
	f := &p.forecast
	if !p.opts.Forecast || p.opts.Mutate != nil || p.opts.Random || p.opts.Replay != "" {
		return
	}
	if n := f.runs.Add(1); n < forecastAfter || n%forecastEvery != 0 || !f.mu.TryLock() {
		return
	}
	defer f.mu.Unlock()
	if f.e == nil {
		f.e = newEngine(p.main, p.opts)
		f.e.x.RNG = rand.New(rand.NewPCG(0, 0))
		f.begin()
	}
	if f.step() {
		return
	}
	f.begin()
	p.mu.Lock()
	defer p.mu.Unlock()
	if to := p.opts.Estimate; to != nil {
		// A resumed exploration has a range from before until there is a new one.
		if e := f.walk.Estimate(); e.High > 0 || to.High == 0 {
			*to = e
		}
	}
}

// begin prepares the first run of a pass.
func (f *forecast) begin() {
	f.walk.Begin()
	f.e.x.Restart()
	f.e.x.Next()
}

// step makes a run. It reports false at the end of the pass.
func (f *forecast) step() bool {
	e := f.e
	e.run()
	complete := e.finish() && e.x.Failure == nil
	e.x.Failure = nil
	if !complete {
		e.unwind()
	}
	return f.walk.Over(e.x, complete)
}

func (f *forecast) close() {
	if f.e != nil {
		f.e.close()
	}
}
