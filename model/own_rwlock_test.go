//go:build fearless_model

package model_test

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

var ownRWLock = []ownProgram{
	{name: "RWLock, fair", f: rwlockOf(lock.Fair)},
	{name: "RWLock, writers first", f: rwlockOf(lock.WriterPreferring)},
	{name: "RWLock, readers first", f: rwlockOf(lock.ReaderPreferring)},
	{name: "RWLock, fair: two readers, one writer", long: true, bounded: model.Shipped, f: readersAndWriters(lock.Fair, 2, 1)},
	{name: "RWLock, writers first: two readers, one writer", long: true, bounded: model.Shipped, f: readersAndWriters(lock.WriterPreferring, 2, 1)},
	{name: "RWLock, readers first: two readers, one writer", long: true, bounded: model.Shipped, f: readersAndWriters(lock.ReaderPreferring, 2, 1)},
	{name: "RWLock, fair: one reader, two writers", long: true, bounded: model.Shipped, f: readersAndWriters(lock.Fair, 1, 2)},
	{name: "RWLock, writers first: one reader, two writers", long: true, bounded: model.Shipped, f: readersAndWriters(lock.WriterPreferring, 1, 2)},
	{name: "RWLock, readers first: one reader, two writers", long: true, bounded: model.Shipped, f: readersAndWriters(lock.ReaderPreferring, 1, 2)},
	{name: "RWLock.ReadRecursive past a writer that waits", f: func() {
		l := lock.NewRWLock(0)
		g := l.Read()
		t := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		h := l.ReadRecursive()
		model.Assert(g.Get() == 0 && h.Get() == 0)
		g.Unlock()
		h.Unlock()
		join(t)
	}},
	{name: "UpgradableGuard.WithUpgraded", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithRead(func(v int) { model.Assert(v != 1) }) })
		g := l.UpgradableRead()
		g.WithUpgraded(func(v *int) { *v = 1; *v = 2 })
		model.Assert(g.Get() == 2)
		g.Unlock()
		join(t)
	}},
	{name: "RWLock.Unpoisoned", f: func() {
		l := lock.NewRWLock(0).Unpoisoned()
		t := thread.Go(func() { l.WithWrite(func(v *int) { *v++; panic("x") }) })
		l.WithWrite(func(v *int) { *v++ })
		_, err := t.Join()
		v, poison := l.IntoInner()
		model.Assert(v == 2 && err != nil && poison == nil)
	}},
	{name: "RWLock.ReadTimeout", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		if g, err := l.ReadTimeout(time.Second); err == nil {
			model.Assert(g.Get() < 2)
			g.Unlock()
		}
		join(t)
		l.WithWrite(func(v *int) { model.Assert(*v == 1) })
	}},
	{name: "RWLock.WriteTimeout", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithRead(func(int) {}) })
		n := 0
		if g, err := l.WriteTimeout(time.Second); err == nil {
			g.Set(g.Get() + 1)
			g.Unlock()
			n++
		}
		join(t)
		l.WithWrite(func(v *int) { model.Assert(*v == n) })
	}},
	{name: "RWLock.WriteTimeout with a reader and a writer", long: true, bounded: model.Shipped, f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithRead(func(int) {}) })
		u := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		n := 1
		if g, err := l.WriteTimeout(time.Second); err == nil {
			g.Set(g.Get() + 1)
			g.Unlock()
			n++
		}
		join(t, u)
		l.WithRead(func(v int) { model.Assert(v == n) })
	}},
	{name: "RWLock.WriteContext", f: func() {
		l := lock.NewRWLock(0)
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() { l.WithRead(func(int) {}); cancel() })
		if g, err := l.WriteContext(ctx); err == nil {
			g.Unlock()
		}
		join(t)
		l.WithWrite(func(*int) {})
	}},
	{name: "RWLock upgrades", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		u := l.UpgradableRead()
		was := u.Get()
		w := u.Upgrade()
		model.Assert(w.Get() == was, "a writer came in between")
		w.Set(was + 1)
		r := w.Downgrade()
		model.Assert(r.Get() == was+1)
		r.Unlock()
		join(t)
	}},
	{name: "RWLock upgrades beside a reader", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithRead(func(v int) { model.Assert(v < 2) }) })
		w := l.UpgradableRead().Upgrade()
		w.Set(1)
		w.Unlock()
		join(t)
	}},
	{name: "RWLock downgrades", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithRead(func(v int) { model.Assert(v == 0 || v == 1) }) })
		w := l.Write()
		w.Set(1)
		r := w.Downgrade()
		model.Assert(r.Get() == 1)
		r.Unlock()
		join(t)
	}},
	{name: "RWLock: readers leave, a writer enters", f: func() {
		l := lock.NewRWLock(0)
		t := thread.Go(func() { l.WithRead(func(int) {}) })
		u := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		join(t)
		l.WithWrite(func(v *int) { *v++ })
		join(u)
	}},
}

func rwlockOf(p lock.Policy) func() {
	return func() {
		l := lock.NewRWLock(0, p)
		t := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		l.WithRead(func(v int) { model.Assert(v == 0 || v == 1) })
		l.WithWrite(func(v *int) { *v++ })
		join(t)
		l.WithRead(func(v int) { model.Assert(v == 2) })
	}
}

// readersAndWriters has one thread for each.
func readersAndWriters(p lock.Policy, readers, writers int) func() {
	return func() {
		l := lock.NewRWLock(0, p)
		thread.Scope(func(s *thread.ScopeHandle) {
			for range writers {
				s.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
			}
			for range readers {
				s.Go(func() { l.WithRead(func(v int) { model.Assert(v <= writers) }) })
			}
		})
		model.Assert(*l.GetMut() == writers)
	}
}
