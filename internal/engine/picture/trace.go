package picture

import (
	"slices"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/trace"
)

// Trace is the execution as steps: an order of its events in which each one comes after
// those before it in program order and those it read from.
func (x *Picture) Trace(headline string) *trace.Trace {
	g := x.G
	tr := &trace.Trace{Headline: headline, Edges: []trace.Edge{}}
	for t := range g.Thr {
		tr.Lanes = append(tr.Lanes, trace.Lane{Name: x.ThreadName(int32(t))})
	}
	step := make([]int, len(g.Ev))
	for i := range step {
		step[i] = -1
	}
	plain := slices.Clone(x.Racing)
	for _, id := range g.Linear() {
		e := &g.Ev[id]
		if e.Idx == 0 {
			plain = appendPlain(tr, plain, Place{e.Thr, 0})
		}
		if e.Kind == graph.Write && e.Has(graph.Update) {
			// The write part belongs to the step of its read part.
			step[id] = step[g.Thr[e.Thr].Ev[e.Idx-1]]
		} else {
			step[id] = len(tr.Steps)
			s := x.Step(id)
			s.Object, s.Effect = x.object(e)
			tr.Steps = append(tr.Steps, s)
		}
		plain = appendPlain(tr, plain, Place{e.Thr, e.Idx + 1})
	}
	for _, p := range plain {
		appendPlain(tr, plain, Place{p.Thr, p.Idx}) // of a thread without events
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
			if x.G.Loc[e.Loc].Ends {
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
func (x *Picture) object(e *graph.Event) (string, trace.Effect) {
	if e.Kind != graph.Read && e.Kind != graph.Write || x.G.Loc[e.Loc].Ends {
		return "", ""
	}
	name := x.G.Name(e.Loc)
	switch {
	case !x.isLock(e.Loc):
		return name, ""
	case e.Op == graph.OpEnter && e.Has(graph.Done):
		return name, trace.Acquire
	case e.Kind == graph.Write && e.Val == 0, e.Op == graph.OpAdd && int32(e.Arg) < 0:
		return name, trace.Release
	}
	return name, ""
}

// appendPlain adds to tr those of plain that stand before the event at of their
// thread, and returns the others.
func appendPlain(tr *trace.Trace, plain []Access, at Place) []Access {
	rest := plain[:0]
	for _, p := range plain {
		if p.Thr != at.Thr || p.Idx != at.Idx {
			rest = append(rest, p)
			continue
		}
		tr.Steps = append(tr.Steps, trace.Step{Lane: int(p.Thr), Pos: p.Pos, Op: p.Op, Flags: trace.Failing})
	}
	return rest
}
