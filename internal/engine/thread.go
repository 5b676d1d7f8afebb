package engine

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/goid"
)

// A Thread is a thread of a modelled program. It runs on a coroutine when it
// is its turn. Thread values are used again in the next execution.
type Thread struct {
	e        *Engine
	x        *explore.Explorer // of e
	script   *graph.Log        // what the graph has of the thread, or noScript
	id       int32
	end      int32 // the location of its end
	state    threadState
	new      bool // it has yet to begin
	separate bool // in all executions: it begins on a coroutine of its own
	joined   bool // somebody has its result
	scoped   bool // a scope waits for it
	panicked bool

	history, before uint64 // see await.go

	on   *coroutine // that runs it; nil: it has not begun, or is over
	body func(data, argument any)
	// Data is what package thread keeps with the thread in this execution.
	Data     any
	argument any

	panic   string
	cause   any
	wokenIn uint64 // the execution in which it was woken spuriously

	wait    wait // what a thread in state deferred waits for
	spin    spin
	trial   trial
	ops     []int32  // see tail
	places  []uint64 // of its operations, by their first event, if placing
	placing bool

	grouping  bool  // the threads that it starts are a group
	groupFrom int32 // since it had so many events
	symmetric bool  // it has others before it in its group
	twin      int32 // what a thread in state behindTwin waits for: that thread's event at place twinAt
	twinAt    int32

	rounds map[uint64]int // how often it came to a place, see unrolls

	idle    int   // what it has done without an event, see idles
	idleAt  int32 // since it had so many events
	plainAt int32 // how many events it had at its last access to plain data
	wroteAt int32 // and when it wrote some, or did what is in no round of a busy loop
	left    int   // how often it was unwound in this execution
}

type threadState uint8

const (
	ready      threadState = iota
	delayed                // until the event wake has been executed
	behind                 // until all events of the graph have been played again
	limited                // until the limit of its wait is reached
	deferred               // an await that the latest value does not satisfy
	stuck                  // an await that nothing satisfies in this graph
	spinning               // in a busy loop, after a round that changed nothing
	behindTwin             // until a thread that is like it has done the same operation
	discarded              // an assumption does not hold: the execution does not count
	over
	idle // not part of this execution
)

type wait struct {
	loc      int32
	cond     Op
	expected uint64
	forced   bool
	over     func() bool // that the wait has reached its limit; nil: it has none
}

// abandon is the panic that unwinds a thread whose execution is over.
type abandon struct{}

// Abandoned reports whether a recovered panic value is the engine's way to
// unwind a thread whose execution is over. Whoever recovers it must return or
// pass it on.
func Abandoned(value any) bool {
	_, ok := value.(*abandon)
	return ok
}

// coroutines finds the coroutine that a goroutine is. It is read at every
// operation and written when a coroutine is made or dropped.
var coroutines struct {
	mu    sync.Mutex
	table atomic.Pointer[coroutineTable]
}

// Allocated is where package thread keeps what it has allocated ahead for the
// engine's executions.
func (t *Thread) Allocated() *any { return &t.e.allocated }

// A coroutineTable is an open hash table that is never changed.
type coroutineTable struct {
	mask  uint64
	slots []*coroutine
}

func (t *coroutineTable) find(key uintptr) *coroutine {
	for i := slotOf(key); ; i++ {
		if c := t.slots[i&t.mask]; c == nil || c.key == key {
			return c
		}
	}
}

func slotOf(key uintptr) uint64 { return uint64(key) * 0x9e3779b97f4a7c15 >> 32 }

// Current is the modelled thread that the calling goroutine is, or nil.
func Current() *Thread {
	t := coroutines.table.Load()
	if t == nil {
		return nil
	}
	if c := t.find(goid.Key()); c != nil {
		return c.running
	}
	return nil
}

// register makes a coroutine findable; drop no longer is.
func register(add, drop *coroutine) {
	coroutines.mu.Lock()
	defer coroutines.mu.Unlock()
	var list []*coroutine
	if old := coroutines.table.Load(); old != nil {
		for _, c := range old.slots {
			if c != nil && c != drop {
				list = append(list, c)
			}
		}
	}
	if add != nil {
		list = append(list, add)
	}
	if len(list) == 0 {
		coroutines.table.Store(nil)
		return
	}
	size := uint64(8)
	for size < 4*uint64(len(list)) {
		size *= 2
	}
	table := &coroutineTable{size - 1, make([]*coroutine, size)}
	for _, c := range list {
		i := slotOf(c.key)
		for table.slots[i&table.mask] != nil {
			i++
		}
		table.slots[i&table.mask] = c
	}
	coroutines.table.Store(table)
}

// run is one execution of the thread.
func (t *Thread) run() {
	returned := false
	defer func() {
		if returned && !t.trial.on {
			t.state = over
			return
		}
		v := recover()
		if t.trial.on && !Abandoned(v) { // the loop has ended by itself
			t.endTrial()
		}
		switch {
		case returned:
			t.state = idle
		case v == nil:
			t.goexited()
		case Abandoned(v):
			t.state = idle
		default:
			t.e.panicked(t, v)
			t.state = over
		}
	}()
	t.body(t.Data, t.argument)
	returned = true
}

// goexited is called while runtime.Goexit unwinds the coroutine, and every
// thread on it.
func (t *Thread) goexited() {
	c := t.on
	switch {
	case c.goexit || t.e.stopped():
		t.state = idle
	case len(c.threads) > 1:
		t.state = idle
		t.e.separate(t)
	default:
		t.state = over
		t.e.exited(t)
	}
	c.goexit = true
}

// block lets others run until the thread can go on.
func (t *Thread) block() {
	t.e.blocked = append(t.e.blocked, t)
	t.goOn()
}

// goOn returns when it is the turn of t, which is blocked.
func (t *Thread) goOn() {
	e := t.e
	for {
		if e.stopped() {
			t.leave()
		}
		u := e.choose()
		switch {
		case u == t:
			e.goesOn(t)
			return
		case u == nil || u.on != nil && u.on.active && u.on.running == u:
			t.on.leave() // to whoever resumed this coroutine, and on from there
		case u.new && !u.separate:
			t.on.call(u)
		case u.new:
			e.switchTo(e.start(u))
		case u.on.running != u:
			e.trap(u)
		default:
			e.switchTo(u.on)
		}
	}
}

// leave unwinds the thread. One that recovers from that again and again, in a
// loop, is ended in a way that it cannot recover from.
func (t *Thread) leave() {
	if t.left++; t.left > 1000 {
		runtime.Goexit()
	}
	panic(&abandon{})
}
