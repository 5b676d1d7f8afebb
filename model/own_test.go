//go:build fearless_model

package model_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// own is what this library promises of its own types, each as a program whose
// every execution is explored.
var own = []struct {
	name string
	f    func()
	long bool // skipped with -short
}{
	{name: "Mutex excludes two threads", f: mutexOf(2)},
	{name: "Mutex excludes three threads", f: mutexOf(3), long: true},
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
		if g, err := m.TryLock(); err == nil {
			g.Set(g.Get() + 1)
			g.Unlock()
			n++
		}
		join(t)
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
	{name: "Mutex.LockTimeout with two others", long: true, f: func() {
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
	{name: "Mutex poisons", f: func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(*int) { panic("poison") }) })
		g, err := m.LockResult()
		g.Unlock()
		_, joined := t.Join()
		var pe *lock.PoisonError
		model.Assert(joined != nil && (err == nil || errors.As(err, &pe)) && m.IsPoisoned())
	}},
	{name: "RWLock, fair", f: rwlockOf(lock.Fair)},
	{name: "RWLock, writers first", f: rwlockOf(lock.WriterPreferring)},
	{name: "RWLock, readers first", f: rwlockOf(lock.ReaderPreferring)},
	{name: "RWLock: two readers, one writer", long: true, f: func() {
		l := lock.NewRWLock(0)
		r := thread.Go(func() { l.WithRead(func(int) {}) })
		w := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
		l.WithRead(func(v int) { model.Assert(v == 0 || v == 1) })
		join(r, w)
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
	{name: "Condvar.NotifyAll wakes two", long: true, f: func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		wait := func() {
			g := m.Lock()
			c.WaitWhile(g, func() bool { return !g.Get() })
			g.Unlock()
		}
		t := thread.Go(wait)
		u := thread.Go(wait)
		m.With(func(v *bool) { *v = true })
		c.NotifyAll()
		join(t, u)
	}},
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
	{name: "Once", f: func() {
		var o lock.Once
		var v cell.UnsafeCell[int]
		get := func() {
			o.Do(func() { v.WithMut(func(p *int) { *p++ }) })
			v.With(func(p *int) { model.Assert(*p == 1) })
		}
		t := thread.Go(get)
		get()
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
	{name: "OnceLock", f: func() {
		var o lock.OnceLock[int]
		t := thread.Go(func() { o.GetOrInit(func() int { return 1 }) })
		a := o.GetOrInit(func() int { return 2 })
		b, ok := o.Get()
		model.Assert(ok && b == a)
		join(t)
	}},
	{name: "Barrier of two", f: barrierOf(2)},
	{name: "Barrier of three", f: barrierOf(3), long: true},
	{name: "Park and Unpark", f: wakeUp(true)},
	{name: "ParkTimeout", f: func() {
		main := thread.Current()
		t := thread.Go(main.Unpark)
		if !thread.ParkTimeout(time.Second) {
			thread.Park() // the token is not lost
		}
		join(t)
	}},
	{name: "JoinTimeout", f: func() {
		t := thread.Go(func() {})
		if _, err := t.JoinTimeout(time.Second); err != nil {
			join(t)
		}
	}},
	{name: "Scope of four", f: func() {
		m := 0
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 3 {
				s.Go(func() {})
			}
			s.Go(func() { m = 1 })
		})
		model.Assert(m == 1)
	}},
	{name: "Arc", f: arcOf(2)},
	{name: "Arc of three", f: arcOf(3)},
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

// ownLimit is how much of a program marked long is explored.
const ownLimit = 250_000

func TestOwnTypes(t *testing.T) {
	for _, p := range own {
		t.Run(p.name, func(t *testing.T) {
			if p.long && testing.Short() {
				t.Skip("up to 250,000 executions; .ci/run explores them without -short")
			}
			limit := 0
			if p.long {
				limit = ownLimit
			}
			r := model.Explore(p.f, model.Locks(model.Shipped), model.MaxExecutions(limit))
			if r.Failure != nil {
				var b strings.Builder
				r.Failure.WriteText(&b)
				t.Error(b.String())
			}
			if !r.Exhaustive && !p.long {
				t.Error("not exhausted")
			}
			t.Logf("%d executions, %d blocked, exhaustive %v, %v", r.Executions, r.Blocked, r.Exhaustive, r.Elapsed.Round(time.Millisecond))
		})
	}
}
