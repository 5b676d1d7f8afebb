package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// A symProg is a random program of some threads that are alike, and one that is not.
type symProg struct {
	alike []loopStmt
	n     int
	other []loopStmt
}

func (p symProg) String() string { return fmt.Sprintf("%d times %v, and %v", p.n, p.alike, p.other) }

func randomSym(rng *rand.Rand) symProg {
	g := &loopGen{rng: rng, locs: 1 + rng.IntN(loopLocs), sc: rng.IntN(4)}
	kinds := []string{"rrwuxcf", "rrrw", "uxc", "rrffw", "rp"}[rng.IntN(5)]
	p := symProg{n: 2 + rng.IntN(2)}
	if rng.IntN(8) == 0 {
		p.n = 4
	}
	list := func(most int) (list []loopStmt) {
		for range rng.IntN(most + 1) {
			s := g.op(kinds)
			if rng.IntN(2) == 0 {
				s.op.cond = false
			}
			list = append(list, s)
		}
		if rng.IntN(6) == 0 {
			g.plain = true
			list = append(list, g.loop(0))
		}
		if rng.IntN(4) == 0 {
			lock, unlock := g.op("l"), g.op("U")
			lock.op.cond, unlock.op.cond = false, false
			at := rng.IntN(len(list) + 1)
			list = slices.Insert(list, at, lock)
			if rng.IntN(4) > 0 {
				list = append(list, unlock)
			}
		}
		return list
	}
	p.alike = list(5 - p.n)
	if len(p.alike) == 0 {
		p.alike = append(p.alike, g.op("rwu"))
	}
	if rng.IntN(2) == 0 {
		p.other = list(2)
	}
	return p
}

// A symRun is what an exploration of a symProg came to.
type symRun struct {
	executions int
	classes    map[string]bool // executions, but for changes of places
	failure    *Found
	cut, loops bool
	unlike     bool // a graph was another one after it was kept in a file
}

// keptWhole reports whether a graph has the same clocks when it was saved and read again.
func keptWhole(g *graph.Graph) bool {
	saved := g.Save()
	again, err := saved.Graph()
	if err != nil {
		return false
	}
	for id := range g.Ev {
		for _, which := range []int{graph.HB, graph.PORF} {
			a, b := g.Clock(int32(id), which), again.Clock(int32(id), which)
			if n := min(len(a), len(b)); !slices.Equal(a[:n], b[:n]) {
				return false
			}
		}
	}
	return true
}

type symMem struct {
	modelMem
	data *Tag
}

func (m *symMem) do(s *loopStmt) uint64 {
	if s.op.kind == 'p' {
		if s.op.arg == 0 {
			m.t.PlainWrite(m.data)
		} else {
			m.t.PlainRead(m.data)
		}
		return 0
	}
	return m.modelMem.do(s)
}

func (p symProg) explore(mem Memory, plain bool) symRun {
	return p.exploreWith(Options{Memory: mem, Plain: plain})
}

// exploreWith explores in sessions, each of which goes on from what is left of the one
// before as a file keeps it, if o has a bound of executions.
func (p symProg) exploreWith(o Options) symRun {
	res := symRun{classes: make(map[string]bool)}
	var tags *[loopLocs + 2]Tag
	main := func() {
		t := Current()
		tags = new([loopLocs + 2]Tag)
		data := new(Tag)
		run := &loopRun{found: make([][]uint64, p.n+1)}
		var handles []*Thread
		start := func(i int, list []loopStmt) {
			h := t.Spawn(func(any, any) {
				th := &loopThread{m: &symMem{modelMem{Current(), run, i, tags}, data}}
				th.run(list)
				Current().End()
			}, nil, nil)
			h.MarkJoined()
			handles = append(handles, h)
		}
		run.threads = make([]*loopThread, p.n+1)
		for i := range run.threads {
			run.threads[i] = new(loopThread)
		}
		if len(p.other) > 0 {
			start(p.n, p.other)
		}
		t.SymmetricBegin()
		for i := range p.n {
			start(i, p.alike)
		}
		t.SymmetricEnd()
		for _, h := range handles {
			t.AwaitEnd(h.Ending())
		}
	}
	o.MaxEvents, o.MaxThread, o.trial = 300, 8, 60
	o.place = func(t *Thread) uint64 { return 1 }
	o.completed = func(e *Engine) {
		res.classes[p.class(e, tags)] = true
		res.unlike = res.unlike || !keptWhole(e.x.G)
	}
	o.Keep = o.MaxExecutions > 0
	runs := 0
	for {
		var stats Stats
		stats, res.failure = ExploreProgram(main, o, func(some *Runs) bool {
			runs += some.Complete + some.Blocked
			res.executions += some.Complete
			res.cut = runs > 20000
			return !res.cut
		})
		res.loops = res.loops || stats.Loops
		if o.Resume = stats.Left; o.Resume == nil || res.cut {
			break
		}
	}
	return res
}

// class is the least description of the execution just over, among those with the
// threads that are alike numbered in any way.
func (p symProg) class(e *Engine, tags *[loopLocs + 2]Tag) string {
	g := e.x.G
	first := int32(1 + truth(len(p.other) > 0))
	name := make(map[int32]string)
	for i := range plainLoc {
		if tags[i].serial.Load() == e.serial {
			name[tags[i].loc] = fmt.Sprint("x", i)
		}
	}
	least := ""
	for _, order := range permutations(p.n) {
		number := func(t int32) int32 {
			if t < first {
				return t
			}
			return first + order[t-first]
		}
		lines := make([]string, len(g.Thr))
		for t := range g.Thr {
			if t == 0 {
				continue // its joins
			}
			var b strings.Builder
			for _, id := range g.Thr[t].Ev {
				ev := &g.Ev[id]
				at := "end"
				if ev.Loc >= 0 && !g.Loc[ev.Loc].Ends {
					at = name[ev.Loc]
				}
				fmt.Fprintf(&b, "%d.%d %s %v/%v %d", ev.Kind, ev.Op, at, ev.Order, ev.Succ, ev.Pos)
				if ev.Kind == graph.Read && ev.RF >= 0 {
					w := &g.Ev[ev.RF]
					fmt.Fprintf(&b, " from %d.%d", number(w.Thr), w.Idx)
				}
				b.WriteString("; ")
			}
			lines[number(int32(t))] = b.String()
		}
		if text := strings.Join(lines, "\n"); least == "" || text < least {
			least = text
		}
	}
	return least
}

func permutations(n int) (list [][]int32) {
	if n == 0 {
		return [][]int32{nil}
	}
	for _, p := range permutations(n - 1) {
		for i := range n {
			list = append(list, slices.Insert(slices.Clone(p), i, int32(n-1)))
		}
	}
	return list
}

// Symmetry loses no execution but those that are another one with threads that are
// alike in each other's places, and no failure: random programs are explored with it and
// without it, and in sessions that go on from a file; failures are replayed.
func TestSymmetryLosesNothing(t *testing.T) {
	seed, n := programs(t, "FEARLESS_SYMMETRY_PROGRAMS", 100, 100)
	var all, explored, classes, failures, tooLarge int
	for k := range n {
		rng := rand.New(rand.NewPCG(seed+uint64(k), 11))
		p := randomSym(rng)
		mem := []Memory{RC11, SC}[rng.IntN(3)/2]
		want := p.explore(mem, true)
		if want.cut || want.failure != nil && want.failure.Kind == Limit {
			tooLarge++
			continue
		}
		got := p.explore(mem, false)
		if (want.failure == nil) != (got.failure == nil) || want.failure != nil && want.failure.Kind != got.failure.Kind {
			t.Fatalf("the program of seed %d under %v: %v, with symmetry %v\n%v", seed+uint64(k), mem, want.failure, got.failure, p)
		}
		if got.unlike {
			t.Fatalf("the program of seed %d under %v: an execution is another one after it was kept in a file\n%v", seed+uint64(k), mem, p)
		}
		if want.failure != nil {
			failures++
			again := p.exploreWith(Options{Memory: mem, Replay: got.failure.Replay})
			if again.failure == nil || again.failure.Kind != got.failure.Kind {
				t.Fatalf("the program of seed %d under %v: %v, again %v\n%v", seed+uint64(k), mem, got.failure, again.failure, p)
			}
			continue
		}
		if len(want.classes) < 200 {
			parts := p.exploreWith(Options{Memory: mem, MaxExecutions: 1 + got.executions/4})
			if parts.failure != nil || len(parts.classes) != len(got.classes) || parts.executions != got.executions && !got.loops && !parts.loops {
				t.Fatalf("the program of seed %d under %v, in sessions: %v, %d executions of %d classes for %d of %d\n%v",
					seed+uint64(k), mem, parts.failure, parts.executions, len(parts.classes), got.executions, len(got.classes), p)
			}
		}
		for c := range want.classes {
			if !got.classes[c] {
				t.Fatalf("the program of seed %d under %v: %d executions for %d, and none of this class:\n%s\n%v", seed+uint64(k), mem, got.executions, want.executions, c, p)
			}
		}
		if len(got.classes) != len(want.classes) || got.executions > want.executions {
			t.Fatalf("the program of seed %d under %v: %d executions of %d classes for %d of %d\n%v", seed+uint64(k), mem, got.executions, len(got.classes), want.executions, len(want.classes), p)
		}
		all, explored, classes = all+want.executions, explored+got.executions, classes+len(want.classes)
	}
	t.Logf("%d programs: %d executions of %d classes, %d explored; %d fail, %d too large", n, all, classes, explored, failures, tooLarge)
	if explored >= all || failures == 0 {
		t.Error("the programs try nothing out")
	}
}
