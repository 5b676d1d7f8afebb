//go:build fearless_model

package model_test

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

var ownCondvar = []ownProgram{
	{name: "Condvar", f: func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *bool) { *v = true })
			c.NotifyOne()
		})
		g := m.Lock()
		c.WaitWhile(g, func() bool { return !g.Get() })
		g.Unlock()
		join(t)
	}},
	{name: "Condvar.NotifyAll wakes two", long: true, bounded: model.ShippedMutex, f: notifies(2, (*lock.Condvar).NotifyAll)},
	{name: "Condvar.NotifyAll wakes three", long: true, bounded: model.ShippedMutex, f: notifies(3, (*lock.Condvar).NotifyAll)},
	{name: "Condvar.NotifyOne wakes one, and that one the other", long: true, bounded: model.ShippedMutex, f: notifies(2, (*lock.Condvar).NotifyOne)},
	{name: "Condvar.WaitTimeout", f: func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *bool) { *v = true })
			c.NotifyOne()
		})
		g := m.Lock()
		if !g.Get() {
			c.WaitTimeout(g, time.Second)
		}
		g.Unlock()
		join(t)
	}},
	{name: "Condvar.WaitTimeout beside a Wait: no notification is lost", long: true, bounded: model.ShippedMutex, f: func() {
		m := lock.NewMutex(0)
		var c lock.Condvar
		take := func(wait func(g lock.Guard[int]) (timedOut bool)) {
			g := m.Lock()
			for g.Get() == 0 && !wait(g) {
			}
			if g.Get() > 0 {
				g.Set(g.Get() - 1)
			}
			g.Unlock()
		}
		t := thread.Go(func() { take(func(g lock.Guard[int]) bool { return c.WaitTimeout(g, time.Second) }) })
		u := thread.Go(func() { take(func(g lock.Guard[int]) bool { c.Wait(g); return false }) })
		for range 2 {
			m.With(func(v *int) { *v++ })
			c.NotifyOne()
		}
		join(t, u)
	}},
	{name: "Condvar.WaitContext", f: func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() {
			c.NotifyOne()
			cancel()
		})
		g := m.Lock()
		_ = c.WaitContext(ctx, g)
		g.Set(true)
		g.Unlock()
		join(t)
	}},
	{name: "Condvar relocks", f: func() {
		m := lock.NewMutex(0)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *int) { *v = 1 })
			c.NotifyOne()
			m.With(func(v *int) { *v = 2 })
		})
		g := m.Lock()
		c.WaitWhile(g, func() bool { return g.Get() == 0 })
		model.Assert(g.Get() > 0)
		g.Unlock()
		join(t)
	}},
	{name: "Barrier of two", f: barrierOf(2)},
	{name: "Barrier of three", f: barrierOf(3)},
	{name: "Barrier of four", f: barrierOf(4)},
	{name: "Barrier of two, twice", f: func() {
		b := lock.NewBarrier(2)
		leaders := 0
		t := thread.Spawn(func() (n int) {
			for range 2 {
				if b.Wait() {
					n++
				}
			}
			return n
		})
		for range 2 {
			if b.Wait() {
				leaders++
			}
		}
		n, _ := t.Join()
		model.Assert(leaders+n == 2)
	}},
	{name: "Barrier.WaitTimeout of three", long: true, f: func() {
		b := lock.NewBarrier(3)
		wait := func() (passed int) {
			if _, err := b.WaitTimeout(time.Second); err == nil {
				passed = 1
			}
			return passed
		}
		t, u := thread.Spawn(wait), thread.Spawn(wait)
		n := wait()
		i, _ := t.Join()
		k, _ := u.Join()
		model.Assert(n+i+k == 0 || n+i+k == 3, "some passed, and some did not")
	}},
}

// notifies has n threads wait for a flag, and notify once more when they have it.
func notifies(n int, notify func(*lock.Condvar)) func() {
	return func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		thread.Scope(func(s *thread.ScopeHandle) {
			for range n {
				s.Go(func() {
					g := m.Lock()
					c.WaitWhile(g, func() bool { return !g.Get() })
					g.Unlock()
					notify(&c)
				})
			}
			m.With(func(v *bool) { *v = true })
			notify(&c)
		})
	}
}

func barrierOf(n int) func() {
	return func() {
		b := lock.NewBarrier(n)
		leaders := lock.NewMutex(0)
		wait := func() {
			if b.Wait() {
				leaders.With(func(v *int) { *v++ })
			}
		}
		thread.Scope(func(s *thread.ScopeHandle) {
			for range n - 1 {
				s.Go(wait)
			}
			wait()
		})
		leaders.With(func(v *int) { model.Assert(*v == 1) })
	}
}
