package atomic_test

import (
	"testing"

	"github.com/fearless-go/fearless/atomic"
)

func TestPtrOperations(t *testing.T) {
	a, b := new(int), new(int)
	var x atomic.Ptr[int]
	if x.Load(atomic.Acquire) != nil {
		t.Fatal("the zero Ptr is not nil")
	}
	if p, ok := x.CompareExchange(nil, a, atomic.AcqRel, atomic.Acquire); p != nil || !ok {
		t.Error("CompareExchange of nil failed")
	}
	if p, ok := x.CompareExchange(b, nil, atomic.AcqRel, atomic.Acquire); p != a || ok {
		t.Error("CompareExchange of another pointer did not fail with the pointer found")
	}
	if x.Swap(b, atomic.AcqRel) != a || x.Load(atomic.Acquire) != b {
		t.Error("Swap")
	}
	for {
		p, ok := x.CompareExchangeWeak(b, a, atomic.Release, atomic.Relaxed)
		if ok {
			break
		}
		if p != b {
			t.Fatal("CompareExchangeWeak found a pointer that was never stored")
		}
	}
	p, ok := x.FetchUpdate(atomic.AcqRel, atomic.Acquire, func(p *int) (*int, bool) { return b, p == a })
	if p != a || !ok || x.Load(atomic.Relaxed) != b {
		t.Error("FetchUpdate")
	}
	if _, ok := x.FetchUpdate(atomic.AcqRel, atomic.Acquire, func(p *int) (*int, bool) { return a, false }); ok || x.Load(atomic.Relaxed) != b {
		t.Error("FetchUpdate that declined changed the pointer")
	}
	x.Store(nil, atomic.Release)
	if x.Load(atomic.SeqCst) != nil || atomic.NewPtr(a).Load(atomic.SeqCst) != a {
		t.Error("Store or NewPtr")
	}
}

func TestPtrOrderings(t *testing.T) {
	var x atomic.Ptr[int]
	checkOrderings(t, func(o atomic.Ordering) { x.Load(o) }, loads)
	checkOrderings(t, func(o atomic.Ordering) { x.Store(nil, o) }, stores)
	checkOrderings(t, func(o atomic.Ordering) { x.Swap(nil, o) }, all)
	for _, f := range []func(_, _ *int, _, _ atomic.Ordering) (*int, bool){x.CompareExchange, x.CompareExchangeWeak} {
		checkOrderings(t, func(o atomic.Ordering) { f(nil, nil, o, atomic.Relaxed) }, all)
		checkOrderings(t, func(o atomic.Ordering) { f(nil, nil, atomic.Relaxed, o) }, loads)
	}
}
