package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// build makes a graph of n threads and two locations of value 0.
func build(n int) *graph.Graph {
	g := new(graph.Graph)
	g.Grow(n - 1)
	for t := range n {
		g.AddThread(t, -1)
	}
	for range 2 {
		g.ExtendLocations()
	}
	return g
}

func write(g *graph.Graph, thr, loc int32, v uint64, o graph.Order) int32 {
	return g.Add(graph.Event{Kind: graph.Write, Thr: thr, Loc: loc, Val: v, Order: o, Pos: int32(len(g.Loc[loc].CO))})
}

func read(g *graph.Graph, thr, loc, rf int32, o graph.Order) int32 {
	e := graph.Event{Kind: graph.Read, Thr: thr, Loc: loc, RF: rf, Order: o}
	e.Val = g.ValueAt(&g.Loc[loc], g.ReadPos(&e))
	return g.Add(e)
}

// Two threads each write one variable and read the old value of the other one.
func ExampleChecker_Consistent() {
	for _, o := range []graph.Order{graph.Relaxed, graph.SeqCst} {
		g := build(2)
		write(g, 0, 0, 1, o)
		read(g, 0, 1, graph.Initial, o)
		write(g, 1, 1, 1, o)
		last := read(g, 1, 0, graph.Initial, o)
		fmt.Println(o, new(graph.Checker).Consistent(g, last))
	}
	// Output:
	// Relaxed true
	// SeqCst false
}

func TestWhatAnAcquireReads(t *testing.T) {
	for _, c := range []struct {
		store, load graph.Order
		hb          bool
		low         int32
	}{
		{graph.Release, graph.Acquire, true, 1},
		{graph.Relaxed, graph.Acquire, false, 0},
		{graph.Release, graph.Relaxed, false, 0},
	} {
		g := build(2)
		data := write(g, 0, 0, 7, graph.Relaxed)
		flag := write(g, 0, 1, 1, c.store)
		seen := read(g, 1, 1, flag, c.load)
		if got := g.HB(data, seen); got != c.hb {
			t.Errorf("%v, %v: the data happens before the load: %v", c.store, c.load, got)
		}
		if got := new(graph.Checker).Lowest(g, 0, seen); got != c.low {
			t.Errorf("%v, %v: place %d may be read, want %d", c.store, c.load, got, c.low)
		}
		sc := &graph.Checker{Memory: graph.SC}
		if got := sc.Lowest(g, 0, seen); got != 1 {
			t.Errorf("%v, %v: under sc place %d may be read, want 1", c.store, c.load, got)
		}
	}
}

// A release sequence goes on through updates, and not through stores.
func TestReleaseSequence(t *testing.T) {
	for _, update := range []bool{true, false} {
		g := build(3)
		data := write(g, 0, 0, 7, graph.NonAtomic)
		head := write(g, 0, 1, 1, graph.Release)
		var next int32
		if update {
			g.Add(graph.Event{Kind: graph.Read, Thr: 1, Loc: 1, RF: head, Val: 1, Op: graph.OpAdd, Arg: 1, Flags: graph.Update | graph.Done, Order: graph.Relaxed})
			next = g.Add(graph.Event{Kind: graph.Write, Thr: 1, Loc: 1, Val: 2, Flags: graph.Update, Order: graph.Relaxed, Pos: 2})
		} else {
			next = write(g, 1, 1, 2, graph.Relaxed)
		}
		seen := read(g, 2, 1, next, graph.Acquire)
		if got := g.HB(data, seen); got != update {
			t.Errorf("update %v: the data happens before the load: %v", update, got)
		}
		read(g, 2, 0, data, graph.NonAtomic)
		if _, _, racy := g.Race(); racy == update {
			t.Errorf("update %v: a race: %v", update, racy)
		}
	}
}

func TestRestrictKeepsWhatIsBeforeTheWrite(t *testing.T) {
	g := build(3)
	r := read(g, 0, 0, graph.Initial, graph.Relaxed)
	kept := write(g, 2, 1, 2, graph.Relaxed) // what the write depends on
	left := write(g, 0, 1, 1, graph.Relaxed) // behind the read: it goes
	read(g, 1, 1, kept, graph.Relaxed)       //
	w := write(g, 1, 0, 3, graph.Relaxed)    // revisits the read
	if !g.Maximal(left, w, g.Clock(w, graph.PORF)) {
		t.Error("the last write is not maximal")
	}
	if g.Maximal(kept, w, g.Clock(w, graph.PORF)) {
		t.Error("a write that is read before the revisit is maximal")
	}
	part := new(graph.Graph)
	renum := part.Restrict(g, w, r, nil)
	if want := (graph.Renumbering{0, 1, -1, 2, 3}); !slices.Equal(renum, want) {
		t.Errorf("numbers %v, want %v", renum, want)
	}
	if got := part.Loc[1].CO; !slices.Equal(got, []int32{graph.Initial, 1}) || part.Ev[1].Pos != 1 {
		t.Errorf("coherence order %v", got)
	}
	if len(part.Thr[0].Ev) != 1 || len(part.Thr[1].Ev) != 1 || len(part.Ev) != 3 {
		t.Errorf("%d events are left", len(part.Ev))
	}
}

// Any graph is the same after it has been a word, but for the numbers of its events.
func TestWordsOfRandomGraphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		g := build(1)
		for thr := 1; thr < 3; thr++ {
			g.AddThread(thr, g.Add(graph.Event{Kind: graph.Spawn, Loc: -1, Aux: int32(thr), Pos: g.AddLocation()}))
		}
		for range rng.IntN(12) {
			thr, loc := rng.Int32N(3), rng.Int32N(2)
			co := g.Loc[loc].CO
			if rng.IntN(2) == 0 {
				g.Add(graph.Event{Kind: graph.Write, Thr: thr, Loc: loc, Val: rng.Uint64(), Order: graph.Release, Pos: 1 + rng.Int32N(int32(len(co)))})
			} else {
				read(g, thr, loc, co[rng.IntN(len(co))], graph.Acquire)
			}
		}
		word, err := g.Word()
		if err != nil {
			t.Fatal(err)
		}
		again, err := graph.ReadWord(word)
		if err != nil {
			t.Fatal(err)
		}
		number := map[int32]int32{graph.Initial: graph.Initial}
		for i, id := range g.Linear() {
			number[id] = int32(i)
			want, got := g.Ev[id], again.Ev[i]
			if want.Kind == graph.Read {
				want.RF = number[want.RF]
			} else {
				want.RF = got.RF
			}
			if got != want {
				t.Fatalf("event %d is %+v, want %+v", i, got, want)
			}
		}
	}
}

// Rounds that do the same take next to no room in a word.
func TestWordsOfLoopsAreShort(t *testing.T) {
	g := build(1)
	g.AddThread(1, g.Add(graph.Event{Kind: graph.Spawn, Loc: -1, Aux: 1, Pos: g.AddLocation()}))
	last := [2]int32{graph.Initial, graph.Initial}
	for range 1000 {
		for thr := range int32(2) {
			write(g, thr, thr, 0, graph.SeqCst)
			last[thr] = write(g, thr, thr, 1, graph.SeqCst)
			read(g, thr, 1-thr, last[1-thr], graph.SeqCst)
		}
	}
	word, err := g.Word()
	if err != nil {
		t.Fatal(err)
	}
	if len(word) > 1500 {
		t.Errorf("%d events take %d bytes", len(g.Ev), len(word))
	}
	again, err := graph.ReadWord(word)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Loc[1].CO, g.Loc[1].CO) || len(again.Ev) != len(g.Ev) {
		t.Error("the word is of another graph")
	}
}

func TestWordsAndFiles(t *testing.T) {
	g := build(1)
	g.Loc[0].Init, g.Loc[1].Init = 5, 6
	spawn := g.Add(graph.Event{Kind: graph.Spawn, Loc: -1, Aux: 1, Pos: g.AddLocation()})
	g.AddThread(1, spawn)
	first := write(g, 0, 0, 1, graph.Release)
	write(g, 1, 0, 2, graph.Relaxed)
	g.Add(graph.Event{Kind: graph.Write, Thr: 1, Loc: 0, Val: 3, Order: graph.Relaxed, Pos: 2}) // between the two
	read(g, 1, 0, first, graph.Acquire)
	g.Add(graph.Event{Kind: graph.Fence, Thr: 1, Loc: -1, Order: graph.SeqCst})
	word, err := g.Word()
	if err != nil {
		t.Fatal(err)
	}
	fromWord, err := graph.ReadWord(word)
	if err != nil {
		t.Fatal(err)
	}
	saved := g.Save()
	fromFile, err := saved.Graph()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]*graph.Graph{"word": fromWord, "file": fromFile} {
		if len(got.Ev) != len(g.Ev) || !slices.Equal(got.Loc[0].CO, g.Loc[0].CO) {
			t.Fatalf("%s: %d events, coherence order %v", name, len(got.Ev), got.Loc[0].CO)
		}
		for id := range g.Ev {
			e, want := got.Ev[id], g.Ev[id]
			if e.Kind != graph.Read {
				e.RF = want.RF // only a read has one
			}
			if e != want {
				t.Errorf("%s: event %d is %+v, want %+v", name, id, e, want)
			}
			if !slices.Equal(got.Clock(int32(id), graph.HB), g.Clock(int32(id), graph.HB)) {
				t.Errorf("%s: the clock of event %d differs", name, id)
			}
		}
	}
	if fromFile.Loc[1].Init != 6 {
		t.Error("the file has lost an initial value")
	}
	const ofOld = "i65WylayMtRRygGTBWCyDEzmKlkZ18YCAA" // [{"k":1,"l":1,"p":1,"v":1,"m":3}]: a place as a number
	for _, bad := range []string{"", "%", "AAAA", word[1:], ofOld} {
		if _, err := graph.ReadWord(bad); err == nil || !strings.Contains(err.Error(), "copy all of it") {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	saved.Events[2].P = 7
	if _, err := saved.Graph(); err == nil {
		t.Error("a write at a place that its location does not have is read")
	}
}
