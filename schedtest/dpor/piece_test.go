package dpor_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	. "github.com/fearless-go/fearless/schedtest/dpor"
	"github.com/fearless-go/fearless/schedtest/pieces"
)

// divided explores p in pieces, each for at most most executions and by one of
// several explorers, which are interrupted, written down and go on elsewhere.
func divided(t *testing.T, p program, r *rand.Rand, most, bound int) *exploration {
	all := &exploration{outcomes: map[string]int{}, hashes: map[uint64]bool{}, x: new(Dpor)}
	tree := pieces.New()
	workers := []*Dpor{{Bound: bound}, {Bound: bound, Fair: 1}, {Bound: bound, Fair: 2}}
	executions, blocked, last := 0, 0, 0.0
	for !tree.Over() {
		if r.IntN(4) == 0 {
			text, err := json.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			tree = new(pieces.Tree)
			if err := json.Unmarshal(text, tree); err != nil {
				t.Fatal(err)
			}
		}
		var reports [][]uint32
		took := tree.Take(1+r.IntN(3), r.IntN(2) == 0)
		r.Shuffle(len(took), func(i, j int) { took[i], took[j] = took[j], took[i] })
		for _, piece := range took {
			all.x = workers[r.IntN(len(workers))]
			if !all.x.Start(piece.Numbers(), 0) {
				t.Fatalf("%v is no piece", piece.Numbers())
			}
			part := 0.0
			for n := 0; n < most && all.x.Begin(); n++ {
				all.once(p)
				if at, diverged := all.x.Diverged(); diverged {
					t.Fatalf("diverged at %d in\n%v", at, p)
				}
				if d := all.x.Stats().Done; d < part || d > 1+1e-9 {
					t.Fatalf("%g is done after %g", d, part)
				} else {
					part = d
				}
			}
			executions += all.x.Stats().Executions
			blocked += all.x.Stats().Blocked
			reports = append(reports, all.x.Untried())
			if all.x.Begin() {
				t.Fatal("it goes on after Untried")
			}
		}
		for i, piece := range took {
			if err := tree.Finish(piece, reports[i]); err != nil {
				t.Fatal(err)
			}
		}
		if d := tree.Done(); d < last-1e-9 || d > 1 {
			t.Fatalf("%g of the tree is done after %g", d, last)
		} else {
			last = d
		}
		if executions > 100_000 {
			t.Fatalf("no end in\n%v", p)
		}
	}
	if tree.Done() != 1 {
		t.Fatalf("at the end %g is done", tree.Done())
	}
	all.executions, all.blocked = executions, blocked
	return all
}

// Pieces have the executions of the whole, each class once, whoever explores them
// and whenever they are interrupted.
func TestPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	kinds := make([]string, 0, len(families))
	for k := range families {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	blocked, executions := 0, 0
	defer func() { t.Logf("%d executions, %d begun in vain", executions, blocked) }()
	for n := range programs(t, "FEARLESS_DPOR_PROGRAMS", 150) {
		kind := kinds[n%len(kinds)]
		p := randomProgram(r, families[kind])
		whole := explore(p, false, 3000)
		if whole.fault != "" {
			continue // too large
		}
		s := whole.x.Stats()
		if s.Done != 1 {
			t.Errorf("at the end %g is done", s.Done)
		}
		got := divided(t, p, r, 1+r.IntN(6), 0)
		negative := false // then only that is promised to be found
		for o := range whole.outcomes {
			negative = negative || strings.Contains(o, "negative counter")
		}
		if negative {
			continue
		}
		blocked += got.blocked
		executions += got.executions
		if got.executions != s.Executions || got.twice > 0 {
			t.Errorf("%s: %d executions in pieces, %d classes twice; %d in one run of\n%v", kind, got.executions, got.twice, s.Executions, p)
		}
		for o := range whole.outcomes {
			if got.outcomes[o] == 0 {
				t.Errorf("%s: the outcome %s is lost in\n%v", kind, o, p)
			}
		}
	}
}

// An execution that has to be begun again with larger buffers is not lost either.
func TestPiecesOfLongExecutions(t *testing.T) {
	long := append(repeat(add(1, 1), 400), add(0, 1), add(0, 1))
	p := threads(long, []instr{add(0, 2), add(0, 3)}, []instr{add(0, 4)})
	whole := explore(p, false, 1000)
	r := rand.New(rand.NewPCG(7, 1))
	for range 5 {
		got := divided(t, p, r, 3, 0)
		if s := whole.x.Stats(); got.executions != s.Executions || got.twice > 0 || len(got.outcomes) != len(whole.outcomes) {
			t.Errorf("%d executions, %d twice; %d in one run", got.executions, got.twice, s.Executions)
		}
	}
}

// With a bound every schedule with so few preemptions is explored, and no other.
func TestBound(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range programs(t, "FEARLESS_DPOR_PROGRAMS", 25) {
		p := randomProgram(r, families["all"])
		for bound := range 3 {
			want, full := preempted(p, bound, 4000)
			if full {
				continue
			}
			x := &exploration{x: &Dpor{Bound: bound + 1}, outcomes: map[string]int{}}
			last := 0.0
			for x.x.Begin() {
				x.once(p)
				d := x.x.Stats().Done
				if d < last-1e-9 {
					t.Fatalf("%g is done after %g", d, last)
				}
				last = d
			}
			if !equalCounts(x.outcomes, want) {
				t.Fatalf("%d preemptions: %v, want %v, of\n%v", bound, x.outcomes, want, p)
			}
			got := divided(t, p, r, 1+r.IntN(6), bound+1)
			if !equalCounts(got.outcomes, want) {
				t.Fatalf("%d preemptions, in pieces: %v, want %v, of\n%v", bound, got.outcomes, want, p)
			}
		}
	}
}

func equalCounts(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return true
}

// preempted counts the outcomes of all schedules with at most bound preemptions, by
// running every one from the start.
func preempted(p program, bound, limit int) (outcomes map[string]int, full bool) {
	outcomes = map[string]int{}
	runs := 0
	var from func(path [][2]int)
	from = func(path [][2]int) {
		if runs++; full || runs > limit {
			full = true
			return
		}
		m := newMachine(p)
		used, last := 0, -1
		step := func(ps []DporPending, b [2]int) {
			for _, q := range ps {
				if int(q.Thread) == last && last != 0 && q.Enabled && b[0] != last {
					used++
				}
			}
			last = b[0]
			m.step(uint32(b[0]), uint8(b[1]))
		}
		for _, b := range path {
			step(m.pending(), b)
		}
		ps := m.pending()
		end := true
		for _, q := range ps {
			if !q.Enabled {
				continue
			}
			end = false
			cost := 0
			for _, l := range ps {
				if int(l.Thread) == last && last != 0 && l.Enabled && q.Thread != l.Thread {
					cost = 1
				}
			}
			if used+cost > bound {
				continue
			}
			for v := range 64 {
				if max(q.Variants, 1)>>v&1 != 0 && !full {
					from(append(slices.Clone(path), [2]int{int(q.Thread), v}))
				}
			}
		}
		if end {
			outcomes[m.outcome()]++
		}
	}
	from(nil)
	return outcomes, full
}

// What is no piece is refused.
func TestDamagedPieces(t *testing.T) {
	p := fib(2, false)
	r := newExploration()
	for range 5 {
		r.x.Begin()
		r.once(p)
	}
	tree := pieces.New()
	first := tree.Take(1, false)[0]
	report := r.x.Untried()
	for i := range report {
		if tree.Finish(first, report[:i]) == nil {
			t.Fatalf("finished by the first %d of %d numbers", i, len(report))
		}
	}
	if err := tree.Finish(first, report); err != nil || tree.Untried() == 0 {
		t.Fatal(err, tree.Untried())
	}
	if tree.Finish(first, report) == nil {
		t.Error("finished twice")
	}
	piece := tree.Take(1, false)[0].Numbers()
	for i := range piece {
		if new(Dpor).Start(piece[:i], 0) {
			t.Errorf("started the first %d of %d numbers", i, len(piece))
		}
	}
	if new(Dpor).Start(append(slices.Clone(piece), 1), 0) {
		t.Error("started more than a piece")
	}
	if !new(Dpor).Start(piece, 0) {
		t.Error("did not start a piece")
	}
	// A piece of another program leads nowhere.
	r = newExploration()
	r.x.Start(piece, 0)
	r.x.Begin()
	r.once(program{threads: [][]instr{{{op: "load"}}}})
	if _, diverged := r.x.Diverged(); !diverged {
		t.Error("followed the piece of another program")
	}
}

func newExploration() *exploration {
	return &exploration{x: new(Dpor), outcomes: map[string]int{}, hashes: map[uint64]bool{}}
}
