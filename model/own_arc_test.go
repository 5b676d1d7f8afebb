//go:build fearless_model

package model_test

import (
	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

var ownArc = []ownProgram{
	{name: "Arc", f: arcOf(2)},
	{name: "Arc of three", f: arcOf(3)},
	{name: "Arc of four", f: arcOf(4)},
	{name: "Arc.GetMut", f: func() {
		a := arc.New(1)
		b := a.Clone()
		t := thread.Go(func() {
			_ = b.Get()
			b.Drop()
		})
		if p, ok := a.GetMut(); ok {
			*p = 2
		}
		a.Drop()
		join(t)
	}},
	{name: "Arc.GetMut and Downgrade", f: func() {
		a := arc.New(1)
		b := a.Clone()
		t := thread.Go(func() {
			w := b.Downgrade()
			b.Drop()
			upgrade(w, func(int) {})
		})
		if p, ok := a.GetMut(); ok {
			*p = 2
		}
		a.Drop()
		join(t)
	}},
	{name: "Arc.NewCyclic", f: func() {
		var t *thread.JoinHandle[thread.Void]
		a := arc.NewCyclic(func(w *arc.Weak[int]) int {
			mine := w.Clone()
			t = thread.Go(func() {
				upgrade(mine, func(v int) { model.Assert(v == 7) })
			})
			return 7
		})
		a.Drop()
		join(t)
	}},
	{name: "Weak", f: func() {
		a := arc.New(1)
		w := a.Downgrade()
		t := thread.Go(func() {
			upgrade(w, func(v int) { model.Assert(v == 1) })
		})
		a.Drop()
		join(t)
	}},
	{name: "Weak of three", f: func() {
		drops := 0
		a := arc.New(dropCounter{&drops})
		w := a.Downgrade()
		x := w.Clone()
		t := thread.Go(func() { upgrade(w, func(dropCounter) {}) })
		u := thread.Go(func() { upgrade(x, func(dropCounter) {}) })
		a.Drop()
		join(t, u)
		model.Assert(drops == 1, "dropped ", drops, " times")
	}},
	{name: "Arc.TryUnwrap by two", f: func() {
		model.Assert(takenByTwo(func(a arc.Arc[int]) bool {
			_, ok := a.TryUnwrap()
			if !ok {
				a.Drop()
			}
			return ok
		}) <= 1)
	}},
	{name: "Arc.IntoInner by two", f: func() {
		model.Assert(takenByTwo(func(a arc.Arc[int]) bool {
			_, ok := a.IntoInner()
			return ok
		}) == 1)
	}},
	{name: "Arc.MakeMut", f: func() {
		a := arc.New(1)
		b := a.Clone()
		t := thread.Go(func() {
			model.Assert(b.Get() == 1)
			b.Drop()
		})
		*a.MakeMut() = 2
		model.Assert(a.Get() == 2)
		a.Drop()
		join(t)
	}},
	{name: "Arc.MakeMut beside a Weak", f: func() {
		a := arc.New(1)
		w := a.Downgrade()
		t := thread.Go(func() {
			upgrade(w, func(v int) { model.Assert(v == 1) })
		})
		*a.MakeMut() = 2
		model.Assert(a.Get() == 2)
		a.Drop()
		join(t)
	}},
}

// takenByTwo is how many of two threads take the value of an Arc that each owns.
func takenByTwo(take func(arc.Arc[int]) bool) (n int) {
	a := arc.New(1)
	b := a.Clone()
	t := thread.Spawn(func() bool {
		_ = b.Get()
		return take(b)
	})
	_ = a.Get()
	if take(a) {
		n++
	}
	taken, err := t.Join()
	model.Assert(err == nil, err)
	if taken {
		n++
	}
	return n
}

// upgrade looks at what w leads to, if that is still there, and drops w.
func upgrade[T any](w arc.Weak[T], look func(T)) {
	if a, ok := w.Upgrade(); ok {
		look(a.Get())
		a.Drop()
	}
	w.Drop()
}

type dropCounter struct{ drops *int }

func (d dropCounter) Drop() { *d.drops++ }

func arcOf(n int) func() {
	return func() {
		drops := 0
		a := arc.New(dropCounter{&drops})
		thread.Scope(func(s *thread.ScopeHandle) {
			for range n - 1 {
				b := a.Clone()
				s.Go(func() {
					_ = b.Get()
					b.Drop()
				})
			}
			_ = a.Get()
			a.Drop()
		})
		model.Assert(drops == 1, "dropped ", drops, " times")
	}
}
