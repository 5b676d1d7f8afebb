package engine

import (
	"iter"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/goid"
)

// A Thread is a thread of a modelled program: a coroutine that the engine
// resumes when it is that thread's turn. The coroutine outlives an execution
// and runs the same thread of the next one.
type Thread struct {
	e  *Engine
	id int32
	// Data is what package thread keeps with the thread in this execution.
	Data any

	body     func()
	state    threadState
	joined   bool // somebody has its result
	scoped   bool // a scope waits for it
	panicked bool
	panic    string
	cause    any
	entered  bool // it has begun to run in this execution
	goexit   bool // the coroutine ended by runtime.Goexit and cannot be resumed
	active   bool // resumed, and not yielded since: it stands in the chain of resumes
	number   uint64
	wokenIn  uint64 // the execution in which it was woken spuriously

	yield  func(struct{}) bool
	resume func() (struct{}, bool)
	stop   func()

	history, before uint64 // see await.go

	wait wait // what a thread in state deferred waits for
	spin spin
}

type threadState uint8

const (
	ready     threadState = iota
	delayed               // until the event wake has been executed
	behind                // until all events of the graph have been played again
	limited               // until the limit of its wait is reached
	deferred              // an await that the latest value does not satisfy
	stuck                 // an await that nothing satisfies in this graph
	spinning              // in a busy loop that changes nothing
	exhausted             // such a loop went round often enough to give up
	discarded             // an assumption does not hold: the execution does not count
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

// threads finds the Thread of a goroutine. It is read at every operation and
// written when a coroutine is made or dropped.
var threads struct {
	mu    sync.Mutex
	table atomic.Pointer[threadTable]
}

// A threadTable is an open hash table that is never changed.
type threadTable struct {
	mask  uint64
	slots []*Thread
}

func (t *threadTable) find(id uint64) *Thread {
	for i := id * 0x9e3779b97f4a7c15 >> 32; ; i++ {
		if th := t.slots[i&t.mask]; th == nil || th.number == id {
			return th
		}
	}
}

// Current is the modelled thread that the calling goroutine is, or nil.
func Current() *Thread {
	t := threads.table.Load()
	if t == nil {
		return nil
	}
	return t.find(goid.Get())
}

// register makes the coroutines of list findable; those of drop no longer are.
func register(add *Thread, drop []*Thread) {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	var list []*Thread
	if old := threads.table.Load(); old != nil {
		for _, t := range old.slots {
			if t != nil && !contains(drop, t) {
				list = append(list, t)
			}
		}
	}
	if add != nil {
		list = append(list, add)
	}
	if len(list) == 0 {
		threads.table.Store(nil)
		return
	}
	size := uint64(8)
	for size < 4*uint64(len(list)) {
		size *= 2
	}
	table := &threadTable{size - 1, make([]*Thread, size)}
	for _, t := range list {
		i := t.number * 0x9e3779b97f4a7c15 >> 32
		for table.slots[i&table.mask] != nil {
			i++
		}
		table.slots[i&table.mask] = t
	}
	threads.table.Store(table)
}

func contains(list []*Thread, t *Thread) bool {
	for _, o := range list {
		if o == t {
			return true
		}
	}
	return false
}

// launch makes the thread's coroutine.
func (t *Thread) launch() {
	t.resume, t.stop = iter.Pull(t.loop)
	t.goexit = false
	t.state = idle
	t.resume() // up to the first yield: it learns its goroutine's number
	register(t, nil)
}

// retire ends the coroutine. Only engines do it, with the thread not running.
func (t *Thread) retire() {
	register(nil, []*Thread{t})
	done := make(chan struct{})
	// A coroutine that was left by runtime.Goexit passes that on to whoever
	// stops it: here to a goroutine that has nothing else to do.
	go func() {
		defer close(done)
		t.stop()
	}()
	<-done
}

func (t *Thread) loop(yield func(struct{}) bool) {
	t.number = goid.Get()
	t.yield = yield
	for yield(struct{}{}) {
		t.run()
		t.active = false
	}
}

// run is one execution of the thread.
func (t *Thread) run() {
	t.entered = true
	returned := false
	defer func() {
		if returned {
			t.state = over
			return
		}
		v := recover()
		switch {
		case v == nil:
			t.goexited()
		case Abandoned(v):
			t.state = idle
		default:
			t.e.panicked(t, v)
			t.state = over
		}
	}()
	t.body()
	returned = true
}

// goexited stays in the deferred call of a goroutine that runtime.Goexit is
// unwinding, until the engine stops the coroutine.
func (t *Thread) goexited() {
	t.state = over
	t.goexit = true
	t.active = false
	t.e.exited(t)
	for t.yield(struct{}{}) {
	}
}

// switchTo runs u until it yields.
func (e *Engine) switchTo(u *Thread) {
	u.active = true
	u.resume()
}

// block lets others run until the thread can go on.
func (t *Thread) block() {
	e := t.e
	for {
		if e.stopped() {
			t.leave()
		}
		u := e.pick()
		switch {
		case u == t:
			return
		case u == nil || u.active:
			// Whoever resumed this thread goes on with the picking.
			t.active = false
			t.yield(struct{}{})
			if e.ending {
				t.leave()
			}
			if t.state == ready {
				return
			}
		default:
			e.switchTo(u)
		}
	}
}

// leave unwinds the thread.
func (t *Thread) leave() {
	panic(&abandon{})
}
