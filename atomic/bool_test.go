package atomic_test

import (
	"testing"

	"github.com/fearless-go/fearless/atomic"
)

func TestBoolOperations(t *testing.T) { testBoolOperations(t) }

func testBoolOperations(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(x *atomic.Bool, v bool) bool
		want func(p, v bool) bool
	}{
		{"Swap", func(x *atomic.Bool, v bool) bool { return x.Swap(v, atomic.AcqRel) }, func(p, v bool) bool { return v }},
		{"FetchAnd", func(x *atomic.Bool, v bool) bool { return x.FetchAnd(v, atomic.AcqRel) }, func(p, v bool) bool { return p && v }},
		{"FetchOr", func(x *atomic.Bool, v bool) bool { return x.FetchOr(v, atomic.AcqRel) }, func(p, v bool) bool { return p || v }},
		{"FetchXor", func(x *atomic.Bool, v bool) bool { return x.FetchXor(v, atomic.AcqRel) }, func(p, v bool) bool { return p != v }},
		{"FetchNand", func(x *atomic.Bool, v bool) bool { return x.FetchNand(v, atomic.AcqRel) }, func(p, v bool) bool { return !(p && v) }},
		{"FetchNot", func(x *atomic.Bool, v bool) bool { return x.FetchNot(atomic.AcqRel) }, func(p, v bool) bool { return !p }},
		{"Store", func(x *atomic.Bool, v bool) bool {
			p := x.Load(atomic.Acquire)
			x.Store(v, atomic.Release)
			return p
		}, func(p, v bool) bool { return v }},
		{"CompareExchange", func(x *atomic.Bool, v bool) bool {
			p, ok := x.CompareExchange(true, v, atomic.AcqRel, atomic.Acquire)
			if ok != p {
				t.Errorf("CompareExchange(true) of %v reports %v", p, ok)
			}
			return p
		}, func(p, v bool) bool { return p && v }},
		{"CompareExchangeWeak", func(x *atomic.Bool, v bool) bool {
			for {
				p, ok := x.CompareExchangeWeak(false, v, atomic.AcqRel, atomic.Acquire)
				if ok || p {
					return p
				}
			}
		}, func(p, v bool) bool { return p || v }},
		{"FetchUpdate", func(x *atomic.Bool, v bool) bool {
			p, ok := x.FetchUpdate(atomic.AcqRel, atomic.Acquire, func(p bool) (bool, bool) { return !p, v })
			if ok != v {
				t.Errorf("FetchUpdate reports %v, want %v", ok, v)
			}
			return p
		}, func(p, v bool) bool { return p != v }},
	} {
		for i := range 4 {
			p, v := i&1 != 0, i&2 != 0
			x := atomic.NewBool(p)
			got := test.do(x, v)
			if now := x.Load(atomic.SeqCst); got != p || now != test.want(p, v) {
				t.Errorf("%s(%v) of %v returned %v and left %v", test.name, v, p, got, now)
			}
		}
	}
}

func TestBoolOrderings(t *testing.T) {
	var x atomic.Bool
	if x.Load(atomic.SeqCst) {
		t.Fatal("the zero Bool is true")
	}
	checkOrderings(t, func(o atomic.Ordering) { x.Load(o) }, loads)
	checkOrderings(t, func(o atomic.Ordering) { x.Store(true, o) }, stores)
	for _, f := range []func(bool, atomic.Ordering) bool{x.Swap, x.FetchAnd, x.FetchOr, x.FetchXor, x.FetchNand} {
		checkOrderings(t, func(o atomic.Ordering) { f(true, o) }, all)
	}
	checkOrderings(t, func(o atomic.Ordering) { x.FetchNot(o) }, all)
	for _, f := range []func(bool, bool, atomic.Ordering, atomic.Ordering) (bool, bool){x.CompareExchange, x.CompareExchangeWeak} {
		checkOrderings(t, func(o atomic.Ordering) { f(true, true, o, atomic.Relaxed) }, all)
		checkOrderings(t, func(o atomic.Ordering) { f(true, true, atomic.Relaxed, o) }, loads)
	}
}
