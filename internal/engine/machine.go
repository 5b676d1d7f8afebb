package engine

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/trace"
)

// A Machine is a program that the engine runs without goroutines: its threads
// are there from the start, and each can be stopped before any operation.
type Machine interface {
	// Reset puts every thread back to its beginning.
	Reset()
	// Step runs thread t through ops until an operation reports !ok, which
	// is to be tried again in the next Step, or the thread is over (true).
	Step(t int, ops *Ops) (over bool)
}

// Ops is what a Machine's thread does its operations with. Locations have the
// numbers of Config.Init.
type Ops struct {
	x *explore.Explorer
	t int32
}

// Load reads a location.
func (o *Ops) Load(loc int, order Order) (v uint64, ok bool) {
	return o.x.Load(o.t, int32(loc), order, false, 0)
}

// Store writes a location.
func (o *Ops) Store(loc int, v uint64, order Order) bool {
	return o.x.Store(o.t, int32(loc), v, order, false)
}

// Update performs u and reports the value read and whether it took effect.
func (o *Ops) Update(loc int, u *Update) (old uint64, done, ok bool) {
	return o.x.Update(o.t, int32(loc), u, 0)
}

// Fence is a fence.
func (o *Ops) Fence(order Order) bool { return o.x.Fence(o.t, order) }

// Config says how a Machine is explored.
type Config struct {
	Memory    Memory
	Threads   int
	Init      []uint64 // the first value of each location
	Names     []string // of the locations
	MaxEvents int      // an execution with more ends the exploration; 0: no bound
	MaxRuns   int      // runs before the exploration gives up; 0: no bound

	// Complete is called for each complete consistent execution. Nil does
	// nothing. False ends the exploration.
	Complete func(Execution) bool
	// Go is asked before each run whether to go on. Nil is yes.
	Go func() bool
}

// Result is what an exploration met.
type Result struct {
	Executions int // complete
	Blocked    int // runs in which a thread could not go on
	Races      int // complete executions with a data race
	Stopped    bool
	Failure    *Failure
}

// An Execution is one execution graph, valid during the call that gets it.
type Execution struct{ x *explore.Explorer }

// Final is the last value of a location in coherence order.
func (e Execution) Final(loc int) uint64 {
	l := &e.x.G.Loc[loc]
	return e.x.G.ValueAt(l, int32(len(l.CO))-1)
}

// ExploreMachine explores m.
func ExploreMachine(m Machine, c Config) Result {
	x := explore.New(c.Memory)
	x.MaxEvents = c.MaxEvents
	x.G.Grow(max(c.Threads-1, 0))
	for t := range c.Threads {
		x.G.AddThread(t, -1)
	}
	for i, v := range c.Init {
		l := &x.G.Loc[x.G.ExtendLocations()]
		l.Init = v
		if i < len(c.Names) {
			l.Name = c.Names[i]
		}
	}
	var res Result
	ops := Ops{x: x}
	over := make([]bool, c.Threads)
	for runs := 0; ; runs++ {
		if c.MaxRuns > 0 && runs >= c.MaxRuns {
			x.Fail(Limit, "more than %d runs", c.MaxRuns)
			break
		}
		if c.Go != nil && !c.Go() {
			res.Stopped = true
			break
		}
		x.Begin()
		m.Reset()
		left := runMachine(x, m, &ops, over)
		if f := x.Failure; f != nil {
			if f.Kind == Limit {
				f.Message = fmt.Sprintf("an execution has more than %d events: does a loop never end?", c.MaxEvents)
			}
			break
		}
		_, _, racy := x.G.Race()
		racy = racy && !x.Dead
		if left == 0 {
			res.Executions++
			if racy {
				res.Races++
			}
			if c.Complete != nil && !c.Complete(Execution{x}) {
				res.Stopped = true
				break
			}
		} else if !x.Dead {
			res.Blocked++
		}
		if !x.Next() {
			break
		}
	}
	res.Failure = x.Failure
	return res
}

// runMachine runs every thread as far as it goes and returns how many are not over.
func runMachine(x *explore.Explorer, m Machine, ops *Ops, over []bool) (left int) {
	clear(over)
	left = len(over)
	for moved := true; moved && left > 0; {
		moved = false
		for t := range over {
			if over[t] {
				continue
			}
			was := x.G.Thr[t].Cur
			ops.t = int32(t)
			over[t] = m.Step(t, ops)
			if over[t] {
				left--
			}
			moved = moved || over[t] || x.G.Thr[t].Cur != was
			if x.Dead || x.Failure != nil {
				return left
			}
		}
	}
	return left
}

// Trace is the execution as steps: an order of its events in which each one
// comes after those before it in program order and those it read from.
func (e Execution) Trace(headline string) *trace.Trace {
	return (&picture.Picture{G: e.x.G}).Trace(headline)
}

// Racy reports whether two accesses of the execution race.
func (e Execution) Racy() bool {
	_, _, found := e.x.G.Race()
	return found
}
