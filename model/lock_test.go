//go:build fearless_model

package model_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestProbeLocks(t *testing.T) {
	for _, p := range []struct {
		name string
		f    func()
	}{
		{"mutex2", func() {
			m := lock.NewMutex(0)
			thread.Scope(func(s *thread.ScopeHandle) {
				for range 2 {
					s.Go(func() { m.With(func(v *int) { *v++ }) })
				}
			})
			m.With(func(v *int) { model.Assert(*v == 2) })
		}},
		{"mutex try", func() {
			m := lock.NewMutex(0)
			h := thread.Go(func() { m.With(func(v *int) { *v++ }) })
			if g, err := m.TryLock(); err == nil {
				g.Set(g.Get() + 1)
				g.Unlock()
			}
			join(h)
		}},
		{"mutex timeout", func() {
			m := lock.NewMutex(0)
			h := thread.Go(func() { m.With(func(v *int) { *v++ }) })
			if g, err := m.LockTimeout(time.Hour); err == nil {
				g.Set(g.Get() + 1)
				g.Unlock()
			}
			join(h)
		}},
		{"rwlock r/w", func() {
			l := lock.NewRWLock(0)
			h := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
			l.WithRead(func(v int) {})
			join(h)
		}},
		{"rwlock w/w", func() {
			l := lock.NewRWLock(0)
			h := thread.Go(func() { l.WithWrite(func(v *int) { *v++ }) })
			l.WithWrite(func(v *int) { *v++ })
			join(h)
		}},
		{"condvar", func() {
			m := lock.NewMutex(false)
			var c lock.Condvar
			h := thread.Go(func() { m.With(func(v *bool) { *v = true }); c.NotifyOne() })
			g := m.Lock()
			c.WaitWhile(g, func() bool { return !g.Get() })
			g.Unlock()
			join(h)
		}},
		{"once", func() {
			var o lock.Once
			n := 0
			h := thread.Go(func() { o.Do(func() { n++ }) })
			o.Do(func() { n++ })
			join(h)
			model.Assert(n == 1)
		}},
		{"oncelock", func() {
			var o lock.OnceLock[int]
			h := thread.Go(func() { o.GetOrInit(func() int { return 1 }) })
			o.GetOrInit(func() int { return 2 })
			join(h)
		}},
		{"barrier2", func() {
			b := lock.NewBarrier(2)
			h := thread.Go(func() { b.Wait() })
			b.Wait()
			join(h)
		}},
		{"arc", func() {
			a := arc.New(1)
			b := a.Clone()
			h := thread.Go(func() { _ = b.Get(); b.Drop() })
			_ = a.Get()
			a.Drop()
			join(h)
		}},
		{"weak", func() {
			a := arc.New(1)
			w := a.Downgrade()
			h := thread.Go(func() {
				if u, ok := w.Upgrade(); ok {
					_ = u.Get()
					u.Drop()
				}
				w.Drop()
			})
			a.Drop()
			join(h)
		}},
		{"mutex3", func() {
			m := lock.NewMutex(0)
			thread.Scope(func(s *thread.ScopeHandle) {
				for range 3 {
					s.Go(func() { m.With(func(v *int) { *v++ }) })
				}
			})
		}},
	} {
		start := time.Now()
		r := model.Explore(p.f, model.MaxDuration(10*time.Second))
		fmt.Printf("%-14s %8d %8d %v %v", p.name, r.Executions, r.Blocked, r.Exhaustive, time.Since(start).Round(time.Millisecond))
		if r.Failure != nil {
			fmt.Printf(" %v", r.Failure)
		}
		fmt.Println()
	}
}
