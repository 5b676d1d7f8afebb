package dpor_test

import (
	"slices"
	"testing"

	. "github.com/fearless-go/fearless/schedtest/dpor"
)

func newExploration(stable bool) *exploration {
	return &exploration{x: &Dpor{Stable: stable}, outcomes: map[string]int{}, hashes: map[uint64]bool{}}
}

// TestSave interrupts an exploration after every execution.
func TestSave(t *testing.T) {
	for _, p := range []program{readers(4), fib(2, true), own(2, 3), {
		caps: []int{1, 0},
		threads: [][]instr{
			{{op: "send", obj: 0, a: 1}, {op: "close", obj: 0}, {op: "choice", a: 3, reg: 1}},
			{{op: "select", reg: 3, cases: []instr{{op: "recv", obj: 0, reg: 2}, {op: "recv", obj: 1, reg: 2}}}},
			{{op: "send", obj: 1, a: 2}},
		},
	}} {
		whole := explore(p, false, 10000)
		r := newExploration(false)
		for {
			next := new(Dpor)
			if !next.Load(r.x.Save()) {
				t.Fatal("not loaded")
			}
			r.x = next
			if !r.x.Begin() {
				break
			}
			r.once(p)
		}
		a, b := whole.x.Stats(), r.x.Stats()
		if a.Executions != b.Executions || !b.Complete() || r.twice > 0 {
			t.Errorf("%+v interrupted, %+v in one run, %d twice", b, a, r.twice)
		}
		if len(r.outcomes) != len(whole.outcomes) {
			t.Errorf("%d outcomes interrupted, %d in one run", len(r.outcomes), len(whole.outcomes))
		}
	}
}

// TestLoadDamaged loads what is not whole.
func TestLoadDamaged(t *testing.T) {
	r := newExploration(false)
	p := fib(2, false)
	for range 5 {
		r.x.Begin()
		r.once(p)
	}
	saved := r.x.Save()
	for i := range saved {
		if new(Dpor).Load(saved[:i]) {
			t.Errorf("loaded the first %d of %d numbers", i, len(saved))
		}
	}
	if new(Dpor).Load(append(slices.Clone(saved), 1)) {
		t.Error("loaded more than was saved")
	}
	var x Dpor
	if !x.Load(saved) {
		t.Error("did not load what was saved")
	}
}
