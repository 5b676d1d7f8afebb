package engine

import "testing"

func TestWhatOneEngineNotesTheOthersKnow(t *testing.T) {
	p := &pool{opts: Options{Parallel: 2}}
	a, b := &explorer{pool: p}, &explorer{pool: p}
	heard := 0
	for h := uint64(1); h <= 200; h++ {
		a.note(h)
		a.note(h) // it is known already
		if h%50 == 0 {
			heard = p.told.readOn(heard, &b.bad)
		}
	}
	if heard != 200 || b.bad.n != 200 || !b.bad.has(1) || !b.bad.has(200) || b.bad.has(201) {
		t.Errorf("%d entries heard of, %d known, want 200", heard, b.bad.n)
	}
	b.note(7)
	if n := p.told.readOn(heard, &a.bad); n != heard {
		t.Errorf("what was heard of was told again: %d entries", n)
	}
}
