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
			if u, ok := w.Upgrade(); ok {
				_ = u.Get()
				u.Drop()
			}
			w.Drop()
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
				if u, ok := mine.Upgrade(); ok {
					model.Assert(u.Get() == 7)
					u.Drop()
				}
				mine.Drop()
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
			if u, ok := w.Upgrade(); ok {
				model.Assert(u.Get() == 1)
				u.Drop()
			}
			w.Drop()
		})
		a.Drop()
		join(t)
	}},
	{name: "Weak of three", f: func() {
		drops := 0
		a := arc.New(dropCounter{&drops})
		w := a.Downgrade()
		x := w.Clone()
		upgrade := func(w arc.Weak[dropCounter]) func() {
			return func() {
				if u, ok := w.Upgrade(); ok {
					_ = u.Get()
					u.Drop()
				}
				w.Drop()
			}
		}
		t, u := thread.Go(upgrade(w)), thread.Go(upgrade(x))
		a.Drop()
		join(t, u)
		model.Assert(drops == 1, "dropped ", drops, " times")
	}},
	{name: "Arc.TryUnwrap by two", f: func() {
		a := arc.New(1)
		b := a.Clone()
		unwrap := func(a arc.Arc[int]) (n int) {
			_ = a.Get()
			if _, ok := a.TryUnwrap(); ok {
				return 1
			}
			a.Drop()
			return 0
		}
		t := thread.Spawn(func() int { return unwrap(b) })
		n := unwrap(a)
		k, _ := t.Join()
		model.Assert(n+k <= 1)
	}},
	{name: "Arc.IntoInner by two", f: func() {
		a := arc.New(1)
		b := a.Clone()
		take := func(a arc.Arc[int]) (n int) {
			_ = a.Get()
			if _, ok := a.IntoInner(); ok {
				return 1
			}
			return 0
		}
		t := thread.Spawn(func() int { return take(b) })
		n := take(a)
		k, _ := t.Join()
		model.Assert(n+k == 1)
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
			if u, ok := w.Upgrade(); ok {
				model.Assert(u.Get() == 1)
				u.Drop()
			}
			w.Drop()
		})
		*a.MakeMut() = 2
		model.Assert(a.Get() == 2)
		a.Drop()
		join(t)
	}},
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
