package litmus

import (
	"context"
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/trace"
)

// Memory is the memory model to run a program under.
type Memory = engine.Memory

// The memory models.
const (
	RC11 = engine.RC11
	SC   = engine.SC
)

// A State is one way in which a program ends.
type State struct {
	Vars []int64   // the last value of each variable
	Regs [][]int64 // of each thread
	// Set says which registers the thread has set at all. Others are 0.
	Set [][]bool
	// Executions is how many executions end so.
	Executions int
}

// A Result is everything that a program can do under a memory model.
type Result struct {
	Program    *Program
	Memory     Memory
	Executions int // complete consistent executions that pass the program's filter
	Filtered   int // complete consistent executions that do not pass it
	Blocked    int // executions in which a thread waits for ever
	Races      int // complete executions with a data race, whatever the filter says
	States     []State
	// Witness is the first execution that decides the condition, or, if there
	// is none, the first one; nil if no execution is complete.
	Witness *trace.Trace
}

// Limits bound a run.
type Limits struct {
	Events     int // in one execution; 0, and what is above, is 60,000
	Executions int // 0: no bound
}

// mostEvents is below what a clock of the engine counts for a thread, 65,535.
const mostEvents = 60_000

func (l Limits) events() int {
	if l.Events <= 0 {
		return mostEvents
	}
	return min(l.Events, mostEvents)
}

// A LimitError reports that a program has more executions, or longer ones,
// than the limits allow, or computes without end.
type LimitError struct {
	Program string
	Err     error
}

func (e *LimitError) Error() string { return e.Program + ": " + e.Err.Error() }
func (e *LimitError) Unwrap() error { return e.Err }

// Run explores every consistent execution of p, until ctx is done.
func Run(ctx context.Context, p *Program, memory Memory, lim Limits) (*Result, error) {
	return RunWatched(ctx, p, memory, lim, nil)
}

// RunWatched is Run for who waits: it calls watch after each complete execution,
// with how many there are by then and how many states they have ended in.
func RunWatched(ctx context.Context, p *Program, memory Memory, lim Limits, watch func(executions, states int)) (*Result, error) {
	r := &runner{m: newMachine(p), index: make(map[string]int), res: &Result{Program: p, Memory: memory}, watch: watch}
	c := engine.Config{
		Memory: memory, Threads: len(p.Threads), MaxEvents: lim.events(), MaxRuns: lim.Executions,
		Complete: r.complete,
		Go:       func() bool { return r.m.failed == nil && ctx.Err() == nil },
	}
	for _, v := range p.Vars {
		c.Init, c.Names = append(c.Init, uint64(v.Init)), append(c.Names, v.Name)
	}
	found := engine.ExploreMachine(r.m, c)
	switch {
	case r.m.failed != nil:
		return nil, r.m.failed
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case found.Failure != nil:
		return nil, &LimitError{p.Name, fmt.Errorf("%w%s", found.Failure, r.m.endless())}
	}
	res := r.res
	if res.Witness != nil {
		defer func() { res.Witness.Detail = res.verdict() }()
	}
	res.Executions, res.Filtered = found.Executions-r.left, r.left
	res.Blocked, res.Races = found.Blocked, found.Races
	slices.SortFunc(res.States, compareStates)
	return res, nil
}

type runner struct {
	m       *machine
	res     *Result
	index   map[string]int
	key     []byte
	decided bool
	left    int // executions that the filter leaves out
	done    int // all that are complete
	watch   func(executions, states int)
}

func (r *runner) complete(x engine.Execution) bool {
	if r.done++; r.watch != nil {
		defer func() { r.watch(r.done, len(r.res.States)) }()
	}
	p := r.res.Program
	if p.Filter != nil {
		if s := r.state(x); !p.Filter.holds(&s) {
			r.left++
			return true
		}
	}
	r.key = r.key[:0]
	for i := range p.Vars {
		r.key = fmt.Append(r.key, int64(x.Final(i)), " ")
	}
	for i := range r.m.thread {
		t := &r.m.thread[i]
		for k, v := range t.regs {
			if p.Threads[i].Regs[k] != hidden {
				r.key = fmt.Append(r.key, v, t.set[k], " ")
			}
		}
	}
	k, ok := r.index[string(r.key)]
	if !ok {
		k = len(r.res.States)
		r.index[string(r.key)] = k
		r.res.States = append(r.res.States, r.state(x))
	}
	s := &r.res.States[k]
	s.Executions++
	decides := p.Condition != nil && p.Condition.Prop.holds(s) == (p.Condition.Quantifier != Forall)
	if r.res.Witness == nil || decides && !r.decided {
		r.res.Witness = x.Trace(p.Name + ": " + showState(r.res.shown(), s))
		for i := range r.res.Witness.Lanes {
			r.res.Witness.Lanes[i].Program = p.Threads[i].source
		}
		r.decided = decides
	}
	return true
}

func (r *runner) state(x engine.Execution) State {
	var s State
	for i := range r.res.Program.Vars {
		s.Vars = append(s.Vars, int64(x.Final(i)))
	}
	for i := range r.m.thread {
		s.Regs = append(s.Regs, slices.Clone(r.m.thread[i].regs))
		s.Set = append(s.Set, slices.Clone(r.m.thread[i].set))
	}
	return s
}

func compareStates(a, b State) int {
	for i := range a.Regs {
		if c := slices.Compare(a.Regs[i], b.Regs[i]); c != 0 {
			return c
		}
	}
	return slices.Compare(a.Vars, b.Vars)
}
