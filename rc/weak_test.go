package rc_test

import (
	"testing"

	"github.com/fearless-go/fearless/rc"
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
	if *ended != 0 {
		t.Error("the value ended with an upgraded owner left")
	}
	b.Drop()
	if *ended != 1 {
		t.Error("Weaks keep the value alive")
	}
	if _, ok := w.Upgrade(); ok || w.StrongCount() != 0 {
		t.Error("a dropped value came back")
	}
	w.Drop()
	v.Drop()
}

func TestZeroWeak(t *testing.T) {
	var w rc.Weak[int]
	v := w.Clone()
	if _, ok := v.Upgrade(); ok || w.StrongCount() != 0 || w.WeakCount() != 0 || !w.PtrEq(v) {
		t.Error("the zero Weak refers to something")
	}
	w.Drop()
	if _, ok := recovered(w.Drop).(*rc.UseAfterDropError); !ok {
		t.Error("it can be dropped twice")
	}
	a := rc.New(1)
	if u := a.Downgrade(); u.PtrEq(v) || v.PtrEq(u) {
		t.Error("a Weak is equal to the zero Weak")
	}
}

func TestCopyOfADroppedWeak(t *testing.T) {
	a := rc.New(1)
	w := a.Downgrade()
	same, third := w, w
	w.Drop()
	for op, use := range map[string]func(){"Drop": same.Drop, "Clone": func() { third.Clone() }} {
		if got, ok := recovered(use).(*rc.UseAfterDropError); !ok || got.Op != op || got.Type != "Weak[int]" {
			t.Errorf("%s of a copy: %v", op, got)
		}
	}
	expectCounts(t, a, 1, 0)
}

type node struct {
	self  rc.Weak[node]
	ended *bool
}

func (n *node) Drop() {
	*n.ended = true
	n.self.Drop()
}

func TestNewCyclic(t *testing.T) {
	ended := false
	a := rc.NewCyclic(func(w *rc.Weak[node]) node {
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
	var kept rc.Weak[int]
	if recovered(func() {
		rc.NewCyclic(func(w *rc.Weak[int]) int {
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
