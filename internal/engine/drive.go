package engine

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

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

// Runs are some runs of an engine.
type Runs struct {
	Complete, Blocked int
	Outcomes          map[string]int // how many complete ones had each outcome, if any: what Observe got
	Over              float64        // an estimate of how much of the whole exploration is over, 0 to 1
}

// ExploreProgram explores main. It calls done after every few runs, and after the
// last ones, until done returns false. One call of done is under way at a time.
func ExploreProgram(main func(), o Options, done func(*Runs) bool) (Stats, *Found) {
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
	found := p.found.Load()
	if o.Keep && found == nil {
		p.stats.Left = writeTasks(p.tasks)
	}
	return p.stats, found
}

// A pool is the engines that share an exploration and the tasks between them.
// What an engine looks at after each run is atomic; the rest it shares with
// the others after many.
type pool struct {
	main func()
	opts Options
	done func(*Runs) bool

	over     atomic.Bool
	hungry   atomic.Bool // an engine waits for a task
	found    atomic.Pointer[Found]
	complete atomic.Int64 // executions; counted if Options.MaxExecutions is set

	mu      sync.Mutex
	idle    sync.Cond
	tasks   []*task
	waiting int // engines without a task
	stats   Stats
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
		p.report(e)
		t := p.take()
		if t == nil {
			return
		}
		if !e.adopt(t) {
			continue
		}
		for ok := true; ok; ok = e.x.next() {
			if !p.run(e) {
				p.report(e)
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
	if p.quiet {
		return true
	}
	r := &e.runs
	switch {
	case complete:
		r.Complete++
		if len(e.observed) > 0 {
			if r.Outcomes == nil {
				r.Outcomes = make(map[string]int)
			}
			r.Outcomes[fmt.Sprint(e.observed...)]++
		}
	case !dead:
		r.Blocked++
	}
	e.unreported++
	if enough := p.enough(complete); enough || e.unreported >= reportEvery || p.opts.Replay != "" {
		p.report(e)
	}
	if p.hungry.Load() {
		p.feed(e)
	}
	if p.opts.Random {
		e.x.walkOn(&p.walks, complete)
	}
	return !p.over.Load()
}

// reportEvery is after how many runs an engine reports them.
const reportEvery = 64

// enough reports whether the run just over is the last one that
// Options.MaxExecutions asks for.
func (p *pool) enough(complete bool) bool {
	most := int64(p.opts.MaxExecutions)
	return most > 0 && complete && p.complete.Add(1) >= most
}

// report counts what the engine has done since it reported last.
func (p *pool) report(e *Engine) {
	if e.unreported == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &e.runs
	p.stats.Executions += r.Complete
	p.stats.Blocked += r.Blocked
	p.part += e.x.over
	e.x.over = 0
	if p.whole > 0 {
		r.Over = min(p.part/p.whole, 1)
	}
	if p.opts.Random && p.opts.Estimate != nil {
		*p.opts.Estimate = p.walks.estimate()
	}
	goOn := p.done(r) && (p.opts.MaxExecutions <= 0 || p.complete.Load() < int64(p.opts.MaxExecutions))
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
		if t := e.x.donate(); t != nil {
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
	if was := p.found.Load(); was == nil || f.at.compare(was.at) < 0 {
		p.found.Store(f)
	}
	if p.opts.Parallel <= 1 {
		p.over.Store(true)
	}
}

// pointless reports whether nothing that follows from it can matter, because a
// failure that comes before it is known.
func (p *pool) pointless(it item) bool {
	if p.opts.Parallel <= 1 {
		return false
	}
	found := p.found.Load()
	return found != nil && it.rank.compare(found.at) > 0
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
	if t.e.stopped() {
		t.leave()
	}
	t.e.cause = cause
	t.Fail(k, format, args...)
}

// Fail ends the execution with a failure. What a thread finds while it unwinds,
// in deferred functions, is none.
func (t *Thread) Fail(k FailureKind, format string, args ...any) {
	if t.e.stopped() {
		t.leave()
	}
	t.e.x.fail(k, format, args...)
	t.leave()
}
