package engine

import (
	"testing"

	"github.com/fearless-go/fearless/internal/engine/explore"
)

func TestWhatOneEngineNotesTheOthersKnow(t *testing.T) {
	p := &pool{opts: Options{Parallel: 2}}
	a, b := &Engine{x: explore.New(RC11), pool: p}, &Engine{x: explore.New(RC11), pool: p}
	heard := 0
	for h := uint64(1); h <= 200; h++ {
		a.note(h)
		a.note(h) // it is known already
		if h%50 == 0 {
			heard = p.told.readOn(heard, &b.x.Waits)
		}
	}
	if heard != 200 || b.x.Waits.Len() != 200 || !b.x.Waits.Has(1) || !b.x.Waits.Has(200) || b.x.Waits.Has(201) {
		t.Errorf("%d entries heard of, %d known, want 200", heard, b.x.Waits.Len())
	}
	b.note(7)
	if n := p.told.readOn(heard, &a.x.Waits); n != heard {
		t.Errorf("what was heard of was told again: %d entries", n)
	}
}
