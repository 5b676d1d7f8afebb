package engine

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/trace"
)

// Trace is the execution as steps: an order of its events in which each one
// comes after those before it in program order and those it read from.
func (e Execution) Trace(headline string) *trace.Trace { return e.x.trace(headline) }

// Racy reports whether two accesses of the execution race.
func (e Execution) Racy() bool {
	_, _, found := e.x.g.Race()
	return found
}

func (x *explorer) trace(headline string) *trace.Trace {
	g := x.g
	tr := &trace.Trace{Headline: headline, Edges: []trace.Edge{}}
	for t := range g.Thr {
		tr.Lanes = append(tr.Lanes, trace.Lane{Name: x.threadName(int32(t))})
	}
	step := make([]int, len(g.Ev))
	for i := range step {
		step[i] = -1
	}
	plain := slices.Clone(x.racing)
	for _, id := range g.Linear() {
		e := &g.Ev[id]
		if e.Idx == 0 {
			plain = appendPlain(tr, plain, place{e.Thr, 0})
		}
		if e.Kind == graph.Write && e.Has(graph.Update) {
			// The write part belongs to the step of its read part.
			step[id] = step[g.Thr[e.Thr].Ev[e.Idx-1]]
		} else {
			step[id] = len(tr.Steps)
			s := x.step(id)
			s.Object, s.Effect = x.object(e)
			tr.Steps = append(tr.Steps, s)
		}
		plain = appendPlain(tr, plain, place{e.Thr, e.Idx + 1})
	}
	for _, p := range plain {
		appendPlain(tr, plain, place{p.at.thr, p.at.idx}) // of a thread without events
	}
	if a, b, found := g.Race(); found {
		tr.Steps[step[a]].Flags |= trace.Failing
		tr.Steps[step[b]].Flags |= trace.Failing
	}
	for id := range g.Ev {
		e := &g.Ev[id]
		to := step[id]
		link := func(from int32, k trace.Kind) {
			if from >= 0 && step[from] >= 0 && to >= 0 && step[from] != to {
				tr.Edges = append(tr.Edges, trace.Edge{From: step[from], To: to, Kind: k})
			}
		}
		switch e.Kind {
		case graph.Read:
			if x.g.Loc[e.Loc].Ends {
				link(e.RF, trace.Join)
				continue
			}
			link(e.RF, trace.ReadsFrom)
			if next := g.Overwriter(e); next >= 0 && step[next] >= 0 && step[next] != to {
				tr.Edges = append(tr.Edges, trace.Edge{From: to, To: step[next], Kind: trace.FromRead})
			}
			if e.RF >= 0 && e.Order.Acquires() && g.Ev[e.RF].Thr != e.Thr && g.Released(e.RF) {
				link(e.RF, trace.SynchronizesWith)
			}
		case graph.Write:
			if before := g.Loc[e.Loc].CO[e.Pos-1]; before != graph.Initial {
				link(before, trace.Coherence)
			}
		case graph.Spawn:
			if log := g.Thr[e.Aux].Ev; len(log) > 0 && step[log[0]] >= 0 {
				tr.Edges = append(tr.Edges, trace.Edge{From: to, To: step[log[0]], Kind: trace.Spawn})
			}
		case graph.Join:
			if log := g.Thr[e.Aux].Ev; len(log) > 0 {
				link(log[len(log)-1], trace.Join)
			}
		}
	}
	return tr
}

// object is the variable that e is done to, if it is done to one, and what that
// means to who holds it.
func (x *explorer) object(e *graph.Event) (string, trace.Effect) {
	if e.Kind != graph.Read && e.Kind != graph.Write || x.g.Loc[e.Loc].Ends {
		return "", ""
	}
	name := x.locName(e.Loc)
	switch {
	case !x.isLock(e.Loc):
		return name, ""
	case e.Op == OpEnter && e.Has(graph.Done):
		return name, trace.Acquire
	case e.Kind == graph.Write && e.Val == 0, e.Op == OpAdd && int32(e.Arg) < 0:
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

func (x *explorer) threadName(t int32) string {
	if int(t) < len(x.names) && x.names[t] != "" {
		return x.names[t]
	}
	return fmt.Sprintf("thread %d", t)
}

// A place names an event by thread and index, the same in every run.
type place struct{ thr, idx int32 }
