package pieces_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fearless-go/fearless/schedtest/dpor"
	"github.com/fearless-go/fearless/schedtest/pieces"
)

// adders is a program of two threads that write so many times each to one variable:
// there are C(2k, k) orders that differ.
type adders int

// run has x explore at most most executions of the piece that it has started.
func (k adders) run(x *dpor.Dpor, most int) {
	for n := 0; n < most && x.Begin(); n++ {
		left := []int{int(k), int(k)}
		for {
			var ps []dpor.DporPending
			for i := range left {
				if left[i] > 0 {
					ps = append(ps, dpor.DporPending{Thread: uint32(i + 1), Enabled: true, Place: uint64(10*i + left[i]),
						Accesses: []dpor.DporAccess{{Object: 7, Mode: dpor.DporWrite}}})
				}
			}
			if len(ps) == 0 {
				break
			}
			i, _ := x.Pick(ps)
			if i < 0 {
				break
			}
			left[ps[i].Thread-1]--
			x.Access(ps[i].Accesses)
		}
		x.End(false)
	}
}

// explored runs one piece.
func (k adders) explored(t *testing.T, p *pieces.Piece, most int) (executions int, report []uint32) {
	var x dpor.Dpor
	if !x.Start(p.Numbers(), 0) {
		t.Fatalf("%v is no piece", p.Numbers())
	}
	k.run(&x, most)
	return x.Stats().Executions, x.Untried()
}

func TestTreeBegins(t *testing.T) {
	tree := pieces.New()
	if tree.Over() || tree.Untried() != 1 || tree.Done() != 0 {
		t.Fatalf("over %t, %d untried, %g done", tree.Over(), tree.Untried(), tree.Done())
	}
	took := tree.Take(9, false)
	if len(took) != 1 || took[0].Weight() != 1 || !slices.Equal(took[0].Numbers(), []uint32{0, 0}) {
		t.Fatalf("%v is not everything", took[0].Numbers())
	}
	if tree.Over() || tree.Untried() != 0 || len(tree.Take(1, true)) != 0 {
		t.Error("what is taken is there still, or is done")
	}
	tree.Return(took[0])
	tree.Return(took[0]) // only what is taken can be given back
	if tree.Untried() != 1 {
		t.Errorf("%d untried", tree.Untried())
	}
}

// However an exploration is divided, each order is explored once; and what is taken
// when the tree is written down is explored again by who reads it.
func TestTreeExploresEachOnce(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 3))
		tree, executions := pieces.New(), 0
		for steps := 0; !tree.Over(); steps++ {
			if steps > 1000 {
				t.Fatal("no end")
			}
			took := tree.Take(1+r.IntN(4), r.IntN(2) == 0)
			if r.IntN(5) == 0 {
				text, err := json.Marshal(tree)
				if err != nil {
					t.Fatal(err)
				}
				tree = new(pieces.Tree)
				if err := json.Unmarshal(text, tree); err != nil {
					t.Fatal(err)
				}
				continue // those that took pieces are gone
			}
			for _, p := range took {
				if r.IntN(6) == 0 {
					tree.Return(p)
					continue
				}
				n, report := adders(4).explored(t, p, 1+r.IntN(9))
				executions += n
				if err := tree.Finish(p, report); err != nil {
					t.Fatal(err)
				}
			}
		}
		if executions != 70 || tree.Done() != 1 {
			t.Errorf("seed %d: %d executions, %g done", seed, executions, tree.Done())
		}
	}
}

// A report that is not whole, or of another piece, is refused, whatever it is.
func TestFinishRefuses(t *testing.T) {
	tree := pieces.New()
	p := tree.Take(1, false)[0]
	_, report := adders(3).explored(t, p, 2)
	for n := range report {
		if err := tree.Finish(p, report[:n]); !errors.Is(err, pieces.ErrReport) {
			t.Errorf("the first %d of %d numbers: %v", n, len(report), err)
		}
	}
	if err := tree.Finish(p, append(slices.Clone(report), 0)); !errors.Is(err, pieces.ErrReport) {
		t.Errorf("one number more: %v", err)
	}
	if err := tree.Finish(new(pieces.Piece), report); !errors.Is(err, pieces.ErrReport) {
		t.Errorf("a piece of nobody's: %v", err)
	}
	if tree.Untried() != 0 || tree.Over() {
		t.Error("what was refused has changed the tree")
	}
	if err := tree.Finish(p, report); err != nil {
		t.Fatal(err)
	}
	if err := tree.Finish(p, report); !errors.Is(err, pieces.ErrReport) {
		t.Errorf("the same once more: %v", err)
	}
	// Any numbers are refused, or make pieces that can be written.
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		tree := pieces.New()
		p := tree.Take(1, false)[0]
		damaged := slices.Clone(report)
		for range 1 + r.IntN(3) {
			damaged[r.IntN(len(damaged))] = []uint32{0, 1, 2, 5, 1 << 31, pieces.Nobody, r.Uint32()}[r.IntN(7)]
		}
		if err := tree.Finish(p, damaged); err != nil && !errors.Is(err, pieces.ErrReport) {
			t.Fatal(err)
		}
		for _, q := range tree.Take(100, true) {
			q.Numbers()
		}
	}
}

func TestTreeRefusesWhatItDidNotWrite(t *testing.T) {
	for _, text := range []string{`7`, `{"nodes":[{"parent":0}]}`, `{"nodes":[{"parent":3}]}`, `{"nodes":[],"pieces":[{"at":0}]}`} {
		if err := json.Unmarshal([]byte(text), new(pieces.Tree)); err == nil {
			t.Errorf("%s is taken for a tree", text)
		}
	}
}

// Two processes that give goroutines other numbers mean the same by them.
func TestNames(t *testing.T) {
	var names pieces.Names
	first, err := names.Adopt(pieces.Names{{Parent: 0, K: 1}, {Parent: 1, K: 1}, {Parent: 1, K: 2}})
	if err != nil || !slices.Equal(first, []uint32{1, 2, 3}) {
		t.Fatal(first, err)
	}
	second, err := names.Adopt(pieces.Names{{Parent: 0, K: 1}, {Parent: 1, K: 2}, {Parent: 2, K: 1}, {Parent: 1, K: 1}})
	if err != nil || !slices.Equal(second, []uint32{1, 3, 4, 2}) || len(names) != 4 {
		t.Fatal(second, names, err)
	}
	if _, err := names.Adopt(pieces.Names{{Parent: 2, K: 1}}); !errors.Is(err, pieces.ErrReport) {
		t.Errorf("a parent that comes later: %v", err)
	}
	_, report := adders(2).explored(t, pieces.New().Take(1, false)[0], 1)
	if err := pieces.Translate(report, []uint32{1}); !errors.Is(err, pieces.ErrReport) {
		t.Errorf("a thread without a name: %v", err)
	}
}
