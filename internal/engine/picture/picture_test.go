package picture_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/trace"
)

// passing is a graph in which thread 1 reads the flag that thread 0 has written.
func passing() *graph.Graph {
	g := new(graph.Graph)
	g.Grow(1)
	g.AddThread(0, -1)
	g.AddThread(1, -1)
	g.Loc[g.ExtendLocations()].Name = "flag"
	w := g.Add(graph.Event{Kind: graph.Write, Val: 1, Order: graph.Release, Pos: 1})
	g.Add(graph.Event{Kind: graph.Read, Thr: 1, RF: w, Val: 1, Order: graph.Acquire})
	return g
}

func ExamplePicture_Trace() {
	p := picture.Picture{G: passing()}
	p.Rename(1, "reader")
	tr := p.Trace("the flag is seen")
	for _, s := range tr.Steps {
		fmt.Printf("%s: %s; %q\n", tr.Lanes[s.Lane].Name, s.Op, s.Value)
	}
	for _, e := range tr.Edges {
		fmt.Println(e.From, e.To, e.Kind == trace.ReadsFrom, e.Kind == trace.SynchronizesWith)
	}
	// Output:
	// thread 0: flag.Store(1) Release; ""
	// thread 1 "reader": flag.Load() Acquire; "1"
	// 0 1 true false
	// 0 1 false true
}

func TestAccessesToPlainVariablesStandWhereTheyWere(t *testing.T) {
	p := picture.Picture{G: passing(), Racing: []picture.Access{{Thr: 0, Idx: 1, Op: "writes data"}, {Thr: 1, Idx: 0, Op: "reads data"}}}
	var ops []string
	for _, s := range p.Trace("").Steps {
		op, _, _ := strings.Cut(s.Op, "(")
		ops = append(ops, op)
	}
	if got := strings.Join(ops, ", "); got != "flag.Store, writes data, reads data, flag.Load" {
		t.Error(got)
	}
}

func TestAThreadThatGoesRound(t *testing.T) {
	g := passing()
	if got := (&picture.Picture{G: g}).Cycles(); got != "" {
		t.Errorf("nobody goes round: %s", got)
	}
	for range 10 {
		g.Add(graph.Event{Kind: graph.Read, Thr: 1, RF: 0, Val: 1, Order: graph.Relaxed})
	}
	if got := (&picture.Picture{G: g}).Cycles(); !strings.Contains(got, "thread 1 goes round in flag.Load() Relaxed") {
		t.Error(got)
	}
}
