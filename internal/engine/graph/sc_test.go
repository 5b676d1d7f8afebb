package graph_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// lowestSlowly is Lowest under sequential consistency by its definition: the greatest
// place seen at loc by what comes before e in po ∪ rf ∪ co ∪ fr, or is e.
func lowestSlowly(g *graph.Graph, loc, e int32) int32 {
	place := func(id int32) int32 {
		if ev := &g.Ev[id]; ev.Kind == graph.Write {
			return ev.Pos
		} else {
			return g.ReadPos(ev)
		}
	}
	directly := func(a, b int32) bool {
		ea, eb := &g.Ev[a], &g.Ev[b]
		return ea.Thr == eb.Thr && ea.Idx < eb.Idx ||
			eb.Kind == graph.Read && eb.RF == a ||
			ea.Access() && ea.Loc == eb.Loc && eb.Kind == graph.Write && place(a) < eb.Pos
	}
	before := []int32{e}
	for i := 0; i < len(before); i++ {
		for a := range int32(len(g.Ev)) {
			if !slices.Contains(before, a) && directly(a, before[i]) {
				before = append(before, a)
			}
		}
	}
	low := int32(0)
	for _, a := range before {
		if g.Ev[a].Access() && g.Ev[a].Loc == loc {
			low = max(low, place(a))
		}
	}
	return low
}

// Random graphs that are sequentially consistent grow, and are cut: at each step the
// checker says the same as the definition.
func TestLowestUnderSC(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 1))
	sc := &graph.Checker{Memory: graph.SC}
	old := 0
	for range 200 {
		g := build(3)
		for step := range 40 {
			thr, loc := int32(rnd.IntN(3)), int32(rnd.IntN(2))
			p := g.Before(thr)
			for of := range int32(2) {
				want := int32(0)
				if p >= 0 {
					want = lowestSlowly(g, of, p)
				}
				if got := sc.Lowest(g, of, p); got != want {
					t.Fatalf("step %d: behind event %d place %d may be read, want %d", step, p, got, want)
				}
			}
			low, last := sc.Lowest(g, loc, p), int32(len(g.Loc[loc].CO))-1
			at := low + int32(rnd.IntN(int(last-low)+1))
			if at < last {
				old++
			}
			if rnd.IntN(2) == 0 {
				g.Add(graph.Event{Kind: graph.Write, Thr: thr, Loc: loc, Order: graph.SeqCst, Pos: at + 1})
			} else {
				read(g, thr, loc, g.Loc[loc].CO[at], graph.SeqCst)
			}
			if rnd.IntN(20) == 0 {
				g.Cut(int32(rnd.IntN(len(g.Ev))))
			}
		}
	}
	if old < 500 {
		t.Errorf("only %d accesses are not the last in coherence order", old)
	}
}
