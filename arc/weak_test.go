package arc_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fearless-go/fearless/arc"
)

func TestWeak(t *testing.T) {
	a, ended := newResource()
	w := a.Downgrade()
	v := w.Clone()
	expectCounts(t, a, 1, 2)
	if w.StrongCount() != 1 || w.WeakCount() != 2 || !w.PtrEq(v) {
		t.Errorf("the Weak counts %d and %d", w.StrongCount(), w.WeakCount())
	}
	b, ok := w.Upgrade()
	if !ok || !b.PtrEq(a) {
		t.Fatal("no Upgrade while there is an owner")
	}
	a.Drop()
	if ended.Load() != 0 {
		t.Error("the value ended with an upgraded owner left")
	}
	b.Drop()
	if ended.Load() != 1 {
		t.Error("Weaks keep the value alive")
	}
	if _, ok := w.Upgrade(); ok || w.StrongCount() != 0 {
		t.Error("a dropped value came back")
	}
	w.Drop()
	v.Drop()
}

func TestZeroWeak(t *testing.T) {
	var w arc.Weak[int]
	v := w.Clone()
	if _, ok := v.Upgrade(); ok || w.StrongCount() != 0 || w.WeakCount() != 0 || !w.PtrEq(v) {
		t.Error("the zero Weak refers to something")
	}
	w.Drop()
	if _, ok := recovered(w.Drop).(*arc.UseAfterDropError); !ok {
		t.Error("it can be dropped twice")
	}
	a := arc.New(1)
	if u := a.Downgrade(); u.PtrEq(v) || v.PtrEq(u) {
		t.Error("a Weak is equal to the zero Weak")
	}
}

// flagged says in itself that it ended, for those who still look at it.
type flagged struct{ ended *atomic.Bool }

func (f flagged) Drop() { f.ended.Store(true) }

// Threads upgrade while the owners drop: an Upgrade that succeeds finds the
// value alive, and none succeeds after one has failed.
func TestWeakNeverRevives(t *testing.T) {
	for range 300 {
		ended := new(atomic.Bool)
		a := arc.New(flagged{ended})
		w := a.Downgrade()
		var wg sync.WaitGroup
		for range 3 {
			mine := w.Clone()
			wg.Go(func() {
				defer mine.Drop()
				for {
					up, ok := mine.Upgrade()
					if !ok {
						break
					}
					if up.Get().ended.Load() {
						t.Error("an owner has a value that ended")
					}
					up.Drop()
					runtime.Gosched()
				}
				if _, ok := mine.Upgrade(); ok || !ended.Load() && mine.StrongCount() != 0 {
					t.Error("a value came back")
				}
			})
		}
		runtime.Gosched()
		a.Drop()
		wg.Wait()
		if !ended.Load() || w.WeakCount() != 1 {
			t.Fatalf("ended: %v, %d Weaks", ended.Load(), w.WeakCount())
		}
	}
}

// GetMut locks the counter of Weaks while Downgrade wants it.
func TestDowngradeWhileGetMutLooks(t *testing.T) {
	a := arc.New(0)
	b := a.Clone()
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 20_000 {
			w := b.Downgrade()
			w.Drop()
		}
	})
	for range 20_000 {
		if _, ok := a.GetMut(); ok {
			t.Error("alone beside another owner")
		}
		if n := a.WeakCount(); n < 0 || n > 1 {
			t.Errorf("%d Weaks", n)
		}
	}
	wg.Wait()
	expectCounts(t, a, 2, 0)
}

func TestCopyOfADroppedWeak(t *testing.T) {
	a := arc.New(1)
	w := a.Downgrade()
	same, third := w, w
	w.Drop()
	for op, use := range map[string]func(){"Drop": same.Drop, "Clone": func() { third.Clone() }} {
		if got, ok := recovered(use).(*arc.UseAfterDropError); !ok || got.Op != op || got.Type != "Weak[int]" {
			t.Errorf("%s of a copy: %v", op, got)
		}
	}
	expectCounts(t, a, 1, 0)
}

type node struct {
	self  arc.Weak[node]
	ended *bool
}

func (n *node) Drop() {
	*n.ended = true
	n.self.Drop()
}

func TestNewCyclic(t *testing.T) {
	ended := false
	a := arc.NewCyclic(func(w *arc.Weak[node]) node {
		if _, ok := w.Upgrade(); ok {
			t.Error("there is a value before there is one")
		}
		return node{self: w.Clone(), ended: &ended}
	})
	expectCounts(t, a, 1, 1)
	b, ok := a.Ptr().self.Upgrade()
	if !ok || !b.PtrEq(a) {
		t.Fatal("the value does not know itself")
	}
	b.Drop()
	a.Drop()
	if !ended {
		t.Error("the cycle keeps the value alive")
	}
}

func TestNewCyclicPanics(t *testing.T) {
	var kept arc.Weak[int]
	if recovered(func() {
		arc.NewCyclic(func(w *arc.Weak[int]) int {
			kept = w.Clone()
			panic("boom")
		})
	}) != "boom" {
		t.Error("the panic is lost")
	}
	if _, ok := kept.Upgrade(); ok || kept.WeakCount() != 1 {
		t.Errorf("something was made, with %d Weaks", kept.WeakCount())
	}
}
