package engine

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/trace"
)

// Trace is the execution as steps: an order of its events in which each one
// comes after those before it in program order and those it read from.
func (e Execution) Trace(headline string) *trace.Trace { return e.x.trace(headline) }

// Racy reports whether two accesses of the execution race.
func (e Execution) Racy() bool {
	_, _, found := e.x.g.race()
	return found
}

func (x *explorer) trace(headline string) *trace.Trace {
	g := x.g
	tr := &trace.Trace{Headline: headline, Edges: []trace.Edge{}}
	for t := range g.thr {
		tr.Lanes = append(tr.Lanes, trace.Lane{Name: x.threadName(int32(t))})
	}
	step := make([]int, len(g.ev))
	for i := range step {
		step[i] = -1
	}
	plain := slices.Clone(x.racing)
	for _, id := range g.linear() {
		e := &g.ev[id]
		if e.idx == 0 {
			plain = appendPlain(tr, plain, place{e.thr, 0})
		}
		if e.kind == kWrite && e.has(fUpdate) {
			// The write part belongs to the step of its read part.
			step[id] = step[g.thr[e.thr].ev[e.idx-1]]
		} else {
			step[id] = len(tr.Steps)
			s := x.step(id)
			s.Object, s.Effect = x.object(e)
			tr.Steps = append(tr.Steps, s)
		}
		plain = appendPlain(tr, plain, place{e.thr, e.idx + 1})
	}
	for _, p := range plain {
		appendPlain(tr, plain, place{p.at.thr, p.at.idx}) // of a thread without events
	}
	if a, b, found := g.race(); found {
		tr.Steps[step[a]].Flags |= trace.Failing
		tr.Steps[step[b]].Flags |= trace.Failing
	}
	for id := range g.ev {
		e := &g.ev[id]
		to := step[id]
		link := func(from int32, k trace.Kind) {
			if from >= 0 && step[from] >= 0 && to >= 0 && step[from] != to {
				tr.Edges = append(tr.Edges, trace.Edge{From: step[from], To: to, Kind: k})
			}
		}
		switch e.kind {
		case kRead:
			if x.g.loc[e.loc].ends {
				link(e.rf, trace.Join)
				continue
			}
			link(e.rf, trace.ReadsFrom)
			if next := g.overwriter(e); next >= 0 && step[next] >= 0 && step[next] != to {
				tr.Edges = append(tr.Edges, trace.Edge{From: to, To: step[next], Kind: trace.FromRead})
			}
			if e.rf >= 0 && e.order.acquires() && g.ev[e.rf].thr != e.thr && g.released(e.rf) {
				link(e.rf, trace.SynchronizesWith)
			}
		case kWrite:
			if before := g.loc[e.loc].co[e.pos-1]; before != initial {
				link(before, trace.Coherence)
			}
		case kSpawn:
			if log := g.thr[e.aux].ev; len(log) > 0 && step[log[0]] >= 0 {
				tr.Edges = append(tr.Edges, trace.Edge{From: to, To: step[log[0]], Kind: trace.Spawn})
			}
		case kJoin:
			if log := g.thr[e.aux].ev; len(log) > 0 {
				link(log[len(log)-1], trace.Join)
			}
		}
	}
	return tr
}

// object is the variable that e is done to, if it is done to one, and what that
// means to who holds it.
func (x *explorer) object(e *event) (string, trace.Effect) {
	if e.kind != kRead && e.kind != kWrite || x.g.loc[e.loc].ends {
		return "", ""
	}
	name := x.locName(e.loc)
	switch {
	case !x.isLock(e.loc):
		return name, ""
	case e.op == OpEnter && e.has(fDone):
		return name, trace.Acquire
	case e.kind == kWrite && e.val == 0, e.op == OpAdd && int32(e.arg) < 0:
		return name, trace.Release
	}
	return name, ""
}

// A plainStep is an access to a plain variable that a trace shows. It is no
// event of the graph.
type plainStep struct {
	at accessAt
	op string
}

// appendPlain adds to tr those of plain that stand before the event at of their
// thread, and returns the others.
func appendPlain(tr *trace.Trace, plain []plainStep, at place) []plainStep {
	rest := plain[:0]
	for _, p := range plain {
		if p.at.thr != at.thr || p.at.idx != at.idx {
			rest = append(rest, p)
			continue
		}
		tr.Steps = append(tr.Steps, trace.Step{Lane: int(p.at.thr), Pos: p.at.pos, Op: p.op, Flags: trace.Failing})
	}
	return rest
}

// overwriter is the write that comes next in coherence order after the one that
// the read e has its value from; -1 if there is none, or e has no value yet.
func (g *graph) overwriter(e *event) int32 {
	pos := int32(0)
	switch {
	case e.rf >= 0:
		pos = g.ev[e.rf].pos
	case e.rf != initial:
		return -1
	}
	if co := g.loc[e.loc].co; int(pos)+1 < len(co) {
		return co[pos+1]
	}
	return -1
}

// released reports whether an acquiring reader of the write w learns anything.
func (g *graph) released(w int32) bool {
	for _, n := range g.clock(w, relClock) {
		if n > 0 {
			return true
		}
	}
	return false
}

// linear is an order of the events that extends porf, by number where it can be.
func (g *graph) linear() []int32 {
	order := make([]int32, 0, len(g.ev))
	state := make([]bool, len(g.ev))
	var visit func(id int32)
	visit = func(id int32) {
		if id < 0 || state[id] {
			return
		}
		state[id] = true
		e := &g.ev[id]
		visit(g.prev(e))
		visit(g.twinOp(e.thr, e.idx))
		switch e.kind {
		case kRead:
			visit(e.rf)
		case kJoin:
			visit(g.before(e.aux))
		}
		order = append(order, id)
	}
	for id := range g.ev {
		visit(int32(id))
	}
	return order
}

func (x *explorer) threadName(t int32) string {
	if int(t) < len(x.names) && x.names[t] != "" {
		return x.names[t]
	}
	return fmt.Sprintf("thread %d", t)
}

// A place names an event by thread and index, the same in every run.
type place struct{ thr, idx int32 }
