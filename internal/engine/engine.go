package engine

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/picture"
)

// An Engine explores one program of goroutines.
type Engine struct {
	x        *explore.Explorer
	pool     *pool          // nil: it explores alone
	steered  *steering      // not nil: what decides instead of chance
	body     func(_, _ any) // calls the program: the body of thread 0
	threads  []*Thread      // by number
	serial   uint64         // of the execution: the engine's number and a count
	began    uint64         // the last use by a foreign goroutine before it
	ending   bool           // the execution is over: threads unwind
	public   atomic.Uint64  // serial, for goroutines that are foreign to the engine; 0 while ending
	attempts int            // of the run so far
	leftAt   string         // " at PLACE": where it was taken back last, if there were many attempts
	trapped  bool           // the run is to be taken back and repeated
	plain    bool           // nothing but the graph decides what an operation that it has does

	new     []*Thread // threads in the order in which they begin, see schedule.go
	begun   int       // how many of them have begun
	blocked []*Thread // threads that wait, who began last to at the end
	next    *Thread   // chosen to run

	coroutines []*coroutine
	free       []*coroutine // those without a thread

	shared  map[*Tag]int32
	cells   []cellState
	loops   map[uint64]loop // what threads do behind a SpinLoop, or with an operation that they repeat, by loopKey
	trials  int
	placing int32            // the thread whose operations' places are noted, or -1
	frames  map[uintptr]bool // see ownFrame
	opts    Options

	seen       Seen // by this engine
	runs       Runs // that are still to be reported to the pool
	part       part // the task under way
	unreported int
	heard      int // entries of the pool's blackboard that it has read

	picture   picture.Picture              // of the execution under way
	recording *recorder                    // nil: nothing is recorded
	callers   map[[8]uintptr]runtime.Frame // see mutated
	observed  []any
	allocated any            // see Thread.Allocated
	owned     []Owned        // in this execution
	freed     []freed        // in this execution
	frees     bool           // the program has called Freed
	checks    []func() error // at its end
	cause     any            // what panicked
	panics    bool           // a thread of the execution that is over has panicked

	// handles are the pointers that modelled words hold in this execution; the
	// graph has their numbers, from 1. They keep what they point to alive.
	handles []unsafe.Pointer
	handle  map[unsafe.Pointer]uint64
}

var (
	engineNumber atomic.Uint64
	live         struct {
		mu      sync.Mutex
		engines []*Engine
		n       atomic.Int32
	}
)

func newEngine(main func(), o Options) *Engine {
	e := &Engine{x: explore.New(o.Memory), body: func(_, _ any) { main() }, opts: o, shared: make(map[*Tag]int32),
		handle: make(map[unsafe.Pointer]uint64)}
	e.x.MaxEvents = o.MaxEvents
	e.serial = engineNumber.Add(1) << serialBits
	e.x.G.Grow(0)
	e.x.G.AddThread(0, -1)
	live.mu.Lock()
	live.engines = append(live.engines, e)
	live.n.Add(1)
	live.mu.Unlock()
	return e
}

func (e *Engine) close() {
	for _, c := range e.coroutines {
		c.retire()
	}
	live.mu.Lock()
	defer live.mu.Unlock()
	live.n.Add(-1)
	for i, o := range live.engines {
		if o == e {
			live.engines = append(live.engines[:i], live.engines[i+1:]...)
			break
		}
	}
}

// makeThreads makes sure that there are n threads, or more.
func (e *Engine) makeThreads(n int) {
	for len(e.threads) < n {
		e.threads = append(e.threads, &Thread{e: e, x: e.x, id: int32(len(e.threads)), separate: e.opts.Random})
	}
}

// shown is the picture of the execution under way.
func (e *Engine) shown() *picture.Picture {
	e.picture.G = e.x.G
	return &e.picture
}

// thread returns the thread with that number, ready to begin.
func (e *Engine) thread(id int32) *Thread {
	e.makeThreads(int(id) + 1)
	t := e.threads[id]
	e.new = append(e.new, t)
	t.state, t.new = ready, true
	t.history, t.before = explore.FirstHistory, 0
	t.script = &noScript
	t.placing, t.places = e.placing == id, t.places[:0]
	if e.plain && !t.placing {
		t.script = e.x.G.Thr[id]
	}
	t.joined, t.scoped = false, false
	if t.panicked {
		t.panicked, t.cause = false, nil
	}
	t.spin.reset()
	t.trial.on, t.trial.prepared = false, false
	t.idle, t.idleAt, t.left, t.plainAt, t.wroteAt = 0, 0, 0, 0, 0
	clear(t.rounds)
	t.grouping, t.symmetric = false, false
	return t
}

// mostAttempts is how often one execution is begun. Two are for each round of a
// loop with SpinLoop that does what a trial cannot repeat; without a bound such a
// loop takes a time that grows with the cube of the events that an execution may
// have. Programs whose loops end by themselves have far fewer such rounds.
const mostAttempts = 1000

// run executes the program over the graph that the explorer has prepared.
func (e *Engine) run() {
	x := e.x
	begin := x.Mark()
	e.placing = -1
	e.attempts = 0
	for e.attempt(); e.trapped; e.attempt() {
		e.unwind()
		if e.attempts++; e.attempts == mostAttempts {
			e.trapped, x.Dead = false, false
			x.Fail(Limit, "an execution was begun %d times to find out whether a loop waits, and each of its rounds did something else besides reading: the loop that calls atomic.SpinLoop%s; let a round only read, or observe and change things behind the loop", mostAttempts, e.leftAt)
			return
		}
		x.Back(begin)
	}
}

func (e *Engine) attempt() {
	e.serial++
	e.public.Store(e.serial)
	e.began = foreignUses.Load()
	e.ending, e.trapped = false, false
	if r := e.recording; r != nil {
		*r = *newRecorder(r.of)
		clear(e.picture.Calls)
		clear(e.picture.Tokens)
	}
	e.cells = e.cells[:0]
	e.observed = e.observed[:0]
	clear(e.owned)
	e.owned = e.owned[:0]
	e.freed = e.freed[:0]
	clear(e.checks)
	e.checks = e.checks[:0]
	if len(e.shared) > 0 {
		clear(e.shared)
	}
	if len(e.handles) > 0 {
		clear(e.handles)
		e.handles = e.handles[:0]
		clear(e.handle)
	}
	// A graph that another engine began has threads that this one never had, and that
	// others may wait for before they are started.
	e.makeThreads(len(e.x.G.Thr))
	for _, t := range e.threads {
		t.state, t.new = idle, false
	}
	e.new, e.begun, e.blocked, e.next = e.new[:0], 0, e.blocked[:0], nil
	e.plain = e.x.Random == nil && e.recording == nil && e.opts.Mutate == nil && e.opts.Unroll == 0 && !e.frees
	if len(e.free) != len(e.coroutines) {
		e.collect()
	}
	e.x.Begin()
	if s := e.steered; s != nil {
		s.begin()
	}
	e.thread(0).body = e.body
	for u := e.choose(); u != nil; u = e.choose() {
		switch {
		case u.new:
			e.switchTo(e.start(u))
		case u.on.running != u:
			e.trap(u)
		default:
			e.switchTo(u.on)
		}
	}
}

// unwind ends every thread that is still inside the program.
func (e *Engine) unwind() {
	e.ending = true
	e.public.Store(0)
	for _, c := range e.coroutines {
		for c.running != nil && !c.goexit {
			e.switchTo(c)
		}
	}
	for _, t := range e.threads {
		t.body, t.Data, t.argument = nil, nil, nil
	}
}

func (e *Engine) stopped() bool {
	return e.ending || e.x.Dead || e.x.Failure != nil
}
