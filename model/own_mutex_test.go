//go:build fearless_model

package model_test

import (
	"context"
	"errors"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

var ownMutex = []ownProgram{
	{name: "Mutex.Unpoisoned", f: func() {
		m := lock.NewMutex(0).Unpoisoned()
		t := thread.Go(func() { m.With(func(v *int) { *v++; panic("x") }) })
		m.With(func(v *int) { *v++ })
		_, err := t.Join()
		v, poison := m.IntoInner()
		model.Assert(v == 2 && err != nil && poison == nil)
	}},
	{name: "Map of a Guard", f: func() {
		m := lock.NewMutex([2]int{})
		second := func() lock.MappedGuard[int] { return lock.Map(m.Lock(), func(v *[2]int) *int { return &v[1] }) }
		t := thread.Go(func() {
			g := second()
			g.Set(g.Get() + 1)
			g.Unlock()
		})
		g := second()
		*g.Ptr()++
		g.Unlock()
		join(t)
		v, _ := m.IntoInner()
		model.Assert(v[1] == 2)
	}},
	{name: "Mutex excludes two threads", f: mutexOf(2)},
	{name: "Mutex excludes three threads", f: mutexOf(3), long: true, bounded: model.Shipped},
	{name: "Mutex excludes four threads", f: mutexOf(4), long: true, bounded: model.ShippedMutex},
	{name: "Mutex: a third waits while the lock is handed on", f: func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		m.With(func(v *int) { *v++ })
		m.With(func(v *int) { *v++ })
		join(t)
		m.With(func(v *int) { model.Assert(*v == 3) })
	}},
	{name: "Mutex.TryLock", f: func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		n := 1
		if tryIncrement(m) {
			n++
		}
		join(t)
		m.With(func(v *int) { model.Assert(*v == n) })
	}},
	{name: "Mutex.TryLock with two others", long: true, f: func() {
		m := lock.NewMutex(0)
		other := func() { m.With(func(v *int) { *v++ }) }
		t, u := thread.Go(other), thread.Go(other)
		n := 2
		if tryIncrement(m) {
			n++
		}
		join(t, u)
		m.With(func(v *int) { model.Assert(*v == n) })
	}},
	{name: "Mutex.LockTimeout", f: func() {
		m := lock.NewMutex(0)
		n := 1
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		if g, err := m.LockTimeout(time.Second); err == nil {
			g.Set(g.Get() + 1)
			g.Unlock()
			n++
		}
		join(t)
		m.With(func(v *int) { model.Assert(*v == n) })
	}},
	{name: "Mutex.LockTimeout with two others", long: true, bounded: model.Shipped, f: func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		u := thread.Go(func() {
			if g, err := m.LockTimeout(time.Second); err == nil {
				g.Unlock()
			}
		})
		m.With(func(v *int) { *v++ })
		join(t, u)
	}},
	{name: "Mutex.LockTimeout: who gives up hands the lock to who starves", long: true, bounded: model.Shipped, f: func() {
		m := lock.NewMutex(0)
		g := m.Lock()
		t := thread.Go(func() {
			g.Unlock() // wakes the one that waits, which then finds it locked again, and starves
			again, err := m.TryLock()
			model.Assume(err == nil)
			u := thread.Go(func() {
				_, err := m.LockTimeout(time.Second)
				model.Assume(err != nil)
			})
			again.Set(1)
			again.Unlock()
			join(u)
		})
		m.With(func(v *int) { model.Assume(*v == 1) })
		join(t)
	}},
	{name: "Mutex.LockContext", f: func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		n := 1
		t := thread.Go(func() { m.With(func(v *int) { *v++ }); cancel() })
		g, err := m.LockContext(ctx)
		if err == nil {
			g.Set(g.Get() + 1)
			g.Unlock()
			n++
		}
		join(t)
		m.With(func(v *int) { model.Assert(*v == n) })
	}},
	{name: "Mutex poisons", f: func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(*int) { panic("poison") }) })
		g, err := m.LockResult()
		g.Unlock()
		_, joined := t.Join()
		var pe *lock.PoisonError
		model.Assert(joined != nil && (err == nil || errors.As(err, &pe)) && m.IsPoisoned())
	}},
	{name: "Mutex poisons, with a third", long: true, bounded: model.Shipped, f: func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(*int) { panic("poison") }) })
		u := thread.Go(func() {
			g, _ := m.LockResult()
			g.Unlock()
		})
		g, _ := m.LockResult()
		g.Unlock()
		_, joined := t.Join()
		join(u)
		model.Assert(joined != nil && m.IsPoisoned())
	}},
}

func tryIncrement(m *lock.Mutex[int]) bool {
	g, err := m.TryLock()
	if err != nil {
		return false
	}
	g.Set(g.Get() + 1)
	g.Unlock()
	return true
}

func mutexOf(n int) func() {
	return func() {
		m := lock.NewMutex(0)
		thread.Scope(func(s *thread.ScopeHandle) {
			for range n {
				s.Go(func() { m.With(func(v *int) { *v++ }) })
			}
		})
		m.With(func(v *int) { model.Assert(*v == n) })
	}
}
