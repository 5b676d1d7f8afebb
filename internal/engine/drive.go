package engine

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/fearless-go/fearless/internal/trace"
)

// Stats is how far an exploration has come.
type Stats struct {
	Executions int // complete
	Blocked    int // runs that could not be completed
	// Left is what is still to be explored, for Options.Resume, when done has
	// ended the exploration and Options.Keep asked for it.
	Left []byte
}

// A Found is the first failure of an exploration and the execution that shows it.
type Found struct {
	*Failure
	Trace *trace.Trace
	Cause any // the value of the panic, if it was one
	// Replay is the execution as a word, for Options.Replay.
	Replay string
	at     *rank
}

// ExploreProgram explores main. It calls done after every run, with the
// outcome, a list of what Observe got, if the run is complete, and an estimate
// of how much of the exploration is over (0 to 1), until done returns false.
// One call of done is under way at a time.
func ExploreProgram(main func(), o Options, done func(complete bool, outcome []any, over float64) bool) (Stats, *Found) {
	p := &pool{main: main, opts: o, done: done, idle: sync.Cond{}}
	p.idle.L = &p.mu
	first := newExplorer(o.Memory)
	first.g.grow(0)
	first.g.addThread(0, -1)
	if o.Replay != "" {
		g, err := load(o.Replay)
		if err != nil {
			return Stats{}, &Found{Failure: &Failure{Kind: Disabled, Message: "replay: " + err.Error()}}
		}
		first.g = g
	}
	p.tasks = []*task{{g: first.g, it: item{share: 1}, start: true}}
	if o.Resume != nil {
		var err error
		if p.tasks, err = readTasks(o.Resume); err != nil {
			return Stats{}, &Found{Failure: &Failure{Kind: Disabled, Message: err.Error()}}
		}
	} else if o.Shards > 1 {
		p.split()
	}
	for _, t := range p.tasks {
		p.whole += t.it.share
	}
	p.whole += p.part
	var wg sync.WaitGroup
	for range max(o.Parallel, 1) {
		wg.Go(p.work)
	}
	wg.Wait()
	if o.Keep && p.found == nil {
		p.stats.Left = writeTasks(p.tasks)
	}
	return p.stats, p.found
}

// A pool is the engines that share an exploration and the tasks between them.
type pool struct {
	main func()
	opts Options
	done func(bool, []any, float64) bool

	mu      sync.Mutex
	idle    sync.Cond
	tasks   []*task
	waiting int // engines without a task
	over    bool
	stats   Stats
	found   *Found
	walks   estimator
	quiet   bool // runs are another shard's to count
	// splitting is while tasks are made for every shard: all must do that to
	// the end. stopped is whether done has ended the exploration meanwhile.
	splitting, stopped bool
	part               float64 // shares of what is over
	whole              float64 // shares of what there was to do
}

// A task is an alternative that one engine gives to another, with its graph.
type task struct {
	g     *graph
	it    item
	start bool // the first run: no alternative
}

func (p *pool) work() {
	e := newEngine(p.main, p.opts)
	defer e.close()
	e.x.ranked = p.ranked()
	e.x.pool = p
	if p.opts.Random {
		e.x.rng = rand.New(rand.NewPCG(p.opts.Seed, 0))
		e.x.random = e.x.rng
	}
	for {
		t := p.take()
		if t == nil {
			return
		}
		if !e.adopt(t) {
			continue
		}
		for ok := true; ok; ok = e.x.next() {
			if !p.run(e) {
				p.keep(e)
				return
			}
		}
	}
}

// ranked reports whether the order of alternatives must be known: when several
// engines, or several explorations, have to agree on what comes first.
func (p *pool) ranked() bool {
	return p.opts.Parallel > 1 || p.opts.Keep || p.opts.Resume != nil || p.opts.Shards > 1
}

// take waits for a task; nil means that the exploration is over.
func (p *pool) take() *task {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting++
	for len(p.tasks) == 0 && !p.over {
		if p.waiting == max(p.opts.Parallel, 1) {
			p.over = true
			p.idle.Broadcast()
			break
		}
		p.idle.Wait()
	}
	if p.over {
		return nil
	}
	p.waiting--
	t := p.tasks[0]
	p.tasks = p.tasks[1:]
	return t
}

// adopt makes the task the engine's own.
func (e *Engine) adopt(t *task) bool {
	x := e.x
	x.depth = 0
	f := x.frames[0]
	f.g, f.work = *t.g, f.work[:0]
	x.g = &f.g
	if t.start {
		x.pushed, x.share = 0, t.it.share
		return true
	}
	f.work = append(f.work, t.it)
	return x.next()
}

// run is one run and what follows from it. It reports false when the
// exploration ends.
func (p *pool) run(e *Engine) bool {
	e.run()
	complete := e.finish()
	if e.x.failure != nil {
		e.unwind()
		found := e.explain()
		found.at = e.x.here
		p.fail(found)
		e.x.failure = nil
		return p.opts.Parallel > 1
	}
	dead := e.x.dead
	if !complete {
		e.unwind()
	}
	e.x.spread()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.quiet {
		return true
	}
	p.part += e.x.over
	e.x.over = 0
	switch {
	case complete:
		p.stats.Executions++
	case !dead:
		p.stats.Blocked++
	}
	if p.opts.Random && p.opts.Estimate != nil {
		*p.opts.Estimate = p.walks.estimate()
	}
	over := 0.0
	if p.whole > 0 {
		over = min(p.part/p.whole, 1)
	}
	if goOn := p.done(complete, e.observed, over); p.over {
		return false
	} else if !goOn && p.splitting {
		p.stopped = true
	} else if !goOn {
		p.over = true
		p.idle.Broadcast()
		return false
	}
	if p.waiting > len(p.tasks) {
		if t := e.x.donate(); t != nil {
			p.tasks = append(p.tasks, t)
			p.idle.Signal()
		}
	}
	if p.opts.Random {
		e.x.walkOn(&p.walks, complete)
	}
	if p.opts.Replay != "" {
		p.over = true
		p.idle.Broadcast()
	}
	return !p.over
}

// fail keeps the failure that a single engine would meet first.
func (p *pool) fail(f *Found) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil || f.at.compare(p.found.at) < 0 {
		p.found = f
	}
	if p.opts.Parallel <= 1 {
		p.over = true
	}
}

// pointless reports whether nothing that follows from it can matter, because a
// failure that comes before it is known.
func (p *pool) pointless(it item) bool {
	if p.opts.Parallel <= 1 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found != nil && it.rank.compare(p.found.at) > 0
}

// A rank is the place of an alternative in the walk of a single engine: the
// run in which it was found and how many it found before. The last one found
// is the first one taken.
type rank struct {
	parent *rank
	n      int32
}

func (r *rank) path() []int32 {
	var p []int32
	for ; r != nil; r = r.parent {
		p = append(p, r.n)
	}
	slices.Reverse(p)
	return p
}

func (r *rank) compare(o *rank) int {
	a, b := r.path(), o.path()
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(b[i], a[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}

// donate gives away the alternative that would be taken last, as a task.
func (x *explorer) donate() *task {
	for _, f := range x.frames[:x.depth+1] {
		if len(f.work) == 0 {
			continue
		}
		it := f.work[0]
		f.work = append(f.work[:0], f.work[1:]...)
		g := f.g.clone()
		g.cut(it.stamp + 1)
		return &task{g: g, it: it}
	}
	return nil
}

func (g *graph) clone() *graph {
	c := *g
	c.ev = slices.Clone(g.ev)
	c.clk = slices.Clone(g.clk)
	c.sc = slices.Clone(g.sc)
	c.free = slices.Clone(g.free)
	c.thr = slices.Clone(g.thr)
	for i := range c.thr {
		c.thr[i].ev = slices.Clone(c.thr[i].ev)
	}
	c.loc = slices.Clone(g.loc)
	for i := range c.loc {
		c.loc[i].acc = slices.Clone(c.loc[i].acc)
		c.loc[i].co = slices.Clone(c.loc[i].co)
	}
	return &c
}

// restart empties the graph for the next walk at random.
func (x *explorer) restart() {
	x.depth = 0
	x.g = &x.frames[0].g
	x.g.cut(0)
	x.frames[0].work = append(x.frames[0].work[:0], item{kind: altNothing})
}

// explain runs the failed execution again to learn where its steps stand.
func (e *Engine) explain() *Found {
	first, cause := e.x.failure, e.cause
	word, err := e.x.g.save()
	if err != nil {
		word = "" // the failure is worth more than the way back to it
	}
	e.x.failure = nil
	e.recording = &recorder{waits: make(map[int32]trace.Pos)}
	e.x.places = make(map[place]trace.Pos)
	f := e.x.frames[e.x.depth]
	work := slices.Clone(f.work)
	e.run()
	e.finish()
	f.work = append(f.work[:0], work...)
	if e.x.failure == nil || e.x.failure.Kind != first.Kind {
		e.x.failure = &Failure{Kind: Nondeterministic, Message: fmt.Sprintf(
			"an execution ended in %q and, when repeated, did not: the program depends on something that the model does not control", first.Error())}
	}
	found := &Found{Failure: e.x.failure, Cause: cause, Replay: word}
	found.Trace = e.x.trace(found.Failure.Error())
	for i := range found.Trace.Lanes {
		if i < len(e.threads) {
			found.Trace.Lanes[i].End = e.threads[i].ending(e.recording)
		}
	}
	e.unwind()
	e.recording, e.x.places = nil, nil
	return found
}

// ending says how a thread's execution ended, for the trace.
func (t *Thread) ending(r *recorder) string {
	switch t.state {
	case deferred, stuck, limited:
		return "waits for " + t.e.x.locName(t.wait.loc) + " at " + short(r.waits[t.id])
	case spinning, exhausted:
		return "busy loop at " + short(r.waits[t.id])
	}
	return ""
}

// Observe adds values to the outcome of the execution.
func (t *Thread) Observe(values []any) {
	if t.e.stopped() {
		t.leave()
	}
	t.e.observed = append(t.e.observed, values...)
}

// FailWith is Fail with the value that a panic would have.
func (t *Thread) FailWith(k FailureKind, cause any, format string, args ...any) {
	t.e.cause = cause
	t.Fail(k, format, args...)
}

// Fail ends the execution with a failure.
func (t *Thread) Fail(k FailureKind, format string, args ...any) {
	t.e.x.fail(k, format, args...)
	t.leave()
}
