package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine/explore"
)

// A pool is the engines that share an exploration and the tasks between them.
// What an engine looks at after each run is atomic; the rest it shares with
// the others after many.
type pool struct {
	main func()
	opts Options
	done func(*Runs) bool

	over   atomic.Bool
	hungry atomic.Bool // an engine waits for a task
	found  atomic.Pointer[Found]
	quota  quota

	mu       sync.Mutex
	idle     sync.Cond // engines without a task
	full     sync.Cond // engines without a place in the quota
	tasks    []*explore.Task
	waiting  int // engines without a task
	stats    Stats
	walks    explore.Walker
	forecast forecast
	told     blackboard
	parts    []part // see note
	quiet    bool   // runs are another shard's to count
	// splitting is while tasks are made for every shard: all must do that to
	// the end. stopped is whether done has ended the exploration meanwhile.
	splitting, stopped bool
	part               float64 // shares of what is over
	whole              float64 // shares of what there was to do
}

// engine is an engine that shares the exploration.
func (p *pool) engine() *Engine {
	e := newEngine(p.main, p.opts)
	e.pool = p
	if p.opts.Parallel > 1 {
		e.x.Skip = p.pointless
	}
	return e
}

func (p *pool) work() {
	e := p.engine()
	defer e.close()
	if p.opts.Random {
		e.x.Source = rand.NewPCG(p.opts.Seed, 0)
		e.x.RNG = rand.New(e.x.Source)
		e.x.Random = e.x.RNG
	}
	for {
		p.report(e)
		p.note(e)
		t := p.take()
		if t == nil {
			return
		}
		e.part.at = t.Rank
		if !e.x.Adopt(t) {
			continue
		}
		for ok := true; ok; ok = e.x.Next() {
			if !p.run(e) {
				p.report(e)
				p.note(e)
				p.keep(e)
				return
			}
		}
	}
}

// take waits for a task; nil means that the exploration is over.
func (p *pool) take() *explore.Task {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting++
	for len(p.tasks) == 0 && !p.over.Load() {
		if p.waiting == max(p.opts.Parallel, 1) {
			p.end()
			break
		}
		p.hungry.Store(true)
		p.idle.Wait()
	}
	if p.over.Load() {
		return nil
	}
	p.waiting--
	t := p.tasks[0]
	p.tasks = p.tasks[1:]
	p.hungry.Store(p.waiting > len(p.tasks))
	return t
}

// end ends the exploration. The caller has the lock.
func (p *pool) end() {
	p.over.Store(true)
	p.idle.Broadcast()
	p.full.Broadcast()
}

// run is one run and what follows from it. It reports false when the
// exploration ends.
func (p *pool) run(e *Engine) bool {
	if !p.admit() {
		e.x.Postpone()
		return false
	}
	e.heard = p.told.readOn(e.heard, &e.x.Waits)
	e.run()
	complete := e.finish()
	if e.x.Failure != nil {
		e.unwind()
		found := e.explain()
		found.at = slices.Clone(e.x.Here)
		p.fail(found)
		e.x.Failure = nil
		p.counts(false)
		return p.opts.Parallel > 1
	}
	dead := e.x.Dead
	if !complete {
		e.unwind()
	}
	e.x.Spread()
	if p.quiet {
		return true
	}
	switch {
	case complete:
		e.see()
		if e.opts.completed != nil {
			e.opts.completed(e)
		}
		outcome := ""
		if len(e.observed) > 0 {
			outcome = fmt.Sprint(e.observed...)
		}
		e.runs.complete(outcome)
		if e.panics {
			e.runs.Panicked++
		}
		e.part.complete(outcome)
		if p.opts.drawn != nil {
			e.draw(outcome)
		}
	case !dead:
		e.runs.Blocked++
		e.part.Blocked++
	}
	e.unreported += 1 + len(e.x.G.Ev)/longRun
	if last := p.counts(complete); last || e.unreported >= reportEvery || p.opts.Replay != "" {
		p.report(e)
	}
	if p.hungry.Load() {
		p.feed(e)
	}
	if p.opts.Random {
		e.x.WalkOn(&p.walks, complete)
	}
	p.foresee()
	return !p.over.Load()
}

// reportEvery is after how many runs an engine reports them. A run counts once
// more for each longRun events: long ones take so much longer that who waits for
// a report, as a limit of time does, would wait for minutes.
const (
	reportEvery = 64
	longRun     = 64
)

// report counts what the engine has done since it reported last.
func (p *pool) report(e *Engine) {
	if e.unreported == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.opts.Seen != nil {
		p.opts.Seen.add(&e.seen)
	}
	r := &e.runs
	p.stats.Executions += r.Complete
	p.stats.Blocked += r.Blocked
	p.part += e.x.Over
	e.x.Over = 0
	if p.whole > 0 {
		r.Over = min(p.part/p.whole, 1)
	}
	if p.opts.Random && p.opts.Estimate != nil {
		*p.opts.Estimate = p.walks.Estimate()
	}
	goOn := p.done(r) && (p.quota.most <= 0 || p.quota.complete.Load() < p.quota.most)
	clear(r.Outcomes)
	*r = Runs{Outcomes: r.Outcomes}
	e.unreported = 0
	switch {
	case p.splitting:
		p.stopped = p.stopped || !goOn
	case !goOn || p.opts.Replay != "":
		p.end()
	}
}

// feed gives a task to an engine that has none.
func (p *pool) feed(e *Engine) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting > len(p.tasks) {
		if t := e.x.Donate(); t != nil {
			p.tasks = append(p.tasks, t)
			p.idle.Signal()
		}
	}
	p.hungry.Store(p.waiting > len(p.tasks))
}

// fail keeps the failure that a single engine would meet first.
func (p *pool) fail(f *Found) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if was := p.found.Load(); was == nil || f.at.Compare(was.at) < 0 {
		p.found.Store(f)
	}
	if p.opts.Parallel <= 1 {
		p.over.Store(true)
	}
}

// pointless reports whether nothing that follows from it can matter, because a
// failure that comes before it is known.
func (p *pool) pointless(at explore.Rank) bool {
	found := p.found.Load()
	return found != nil && at.Compare(found.at) > 0
}
