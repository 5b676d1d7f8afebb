//go:build fearless_model

package model_test

import (
	"context"
	"errors"
	"time"

	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

var ownOnce = []ownProgram{
	{name: "Once", f: onceOf(2)},
	{name: "Once of three", long: true, f: onceOf(3)},
	{name: "Once.WaitTimeout", f: func() {
		var o lock.Once
		var v cell.UnsafeCell[int]
		t := thread.Go(func() { o.Do(func() { v.WithMut(func(p *int) { *p = 1 }) }) })
		if o.WaitTimeout(time.Second) == nil {
			v.With(func(p *int) { model.Assert(*p == 1) })
		}
		join(t)
	}},
	{name: "Once: a panic poisons, DoForce mends", f: func() {
		var o lock.Once
		t := thread.Go(func() { o.Do(func() { panic("half way") }) })
		_, err := thread.Go(func() { o.Do(func() {}) }).Join()
		_, first := t.Join()
		o.DoForce(func() {})
		model.Assert(o.IsCompleted() && (first != nil || err == nil))
	}},
	{name: "Once.IsPoisoned", f: func() {
		var o lock.Once
		var v cell.UnsafeCell[int]
		t := thread.Go(func() {
			o.Do(func() {
				v.WithMut(func(p *int) { *p = 1 })
				panic("half way")
			})
		})
		if o.IsPoisoned() {
			v.With(func(p *int) { model.Assert(*p == 1) })
		}
		_, err := t.Join()
		model.Assert(err != nil)
	}},
	{name: "OnceLock", f: onceLockOf(2)},
	{name: "OnceLock of three", long: true, f: onceLockOf(3)},
	{name: "OnceLock.GetOrTryInit: an error lets another try", f: func() {
		var o lock.OnceLock[int]
		t := thread.Go(func() { _, _ = o.GetOrTryInit(func() (int, error) { return 0, errors.New("no") }) })
		a, err := o.GetOrTryInit(func() (int, error) { return 2, nil })
		model.Assert(a == 2 && err == nil)
		join(t)
	}},
	{name: "OnceLock.Set by two", f: func() {
		var o lock.OnceLock[int]
		t := thread.Spawn(func() bool { return o.Set(1) })
		mine := o.Set(2)
		theirs, _ := t.Join()
		v, ok := o.Get()
		model.Assert(ok && mine != theirs && (v == 2) == mine)
	}},
	{name: "OnceLock.Wait beside another and a Set", f: func() {
		var o lock.OnceLock[int]
		t := thread.Spawn(o.Wait)
		u := thread.Go(func() { o.Set(1) })
		model.Assert(o.Wait() == 1)
		v, _ := t.Join()
		model.Assert(v == 1)
		join(u)
	}},
	{name: "OnceLock.Wait through a function that fails", f: func() {
		var o lock.OnceLock[int]
		t := thread.Spawn(o.Wait)
		_, _ = o.GetOrTryInit(func() (int, error) { return 0, errors.New("no") })
		o.Set(2)
		v, _ := t.Join()
		model.Assert(v == 2)
	}},
	{name: "OnceLock.TryWait and WaitTimeout", f: func() {
		var o lock.OnceLock[int]
		t := thread.Go(func() { o.Set(1) })
		if v, err := o.TryWait(); err == nil {
			model.Assert(v == 1)
		}
		v, err := o.WaitTimeout(time.Second)
		model.Assert(err == nil && v == 1 || errors.Is(err, lock.ErrTimeout))
		join(t)
	}},
	{name: "OnceLock.WaitContext", f: func() {
		var o lock.OnceLock[int]
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() { o.Set(1) })
		u := thread.Go(cancel)
		v, err := o.WaitContext(ctx)
		model.Assert(err == nil && v == 1 || errors.Is(err, context.Canceled))
		join(t, u)
		model.Assert(o.Wait() == 1)
	}},
	{name: "Once.WaitForce through a panic", f: func() {
		var o lock.Once
		var v cell.UnsafeCell[int]
		t := thread.Go(func() {
			o.WaitForce()
			v.With(func(p *int) { model.Assert(*p == 1) })
		})
		_, err := thread.Go(func() { o.Do(func() { panic("half way") }) }).Join()
		o.DoForceState(func(s lock.OnceState) {
			model.Assert(s.IsPoisoned())
			v.WithMut(func(p *int) { *p = 1 })
		})
		model.Assert(err != nil)
		join(t)
	}},
	{name: "OnceLock.Take", f: func() {
		var o lock.OnceLock[int]
		join(thread.Go(func() { o.Set(1) }))
		v, ok := o.Take()
		t := thread.Go(func() { o.Set(2) })
		w := o.GetOrInit(func() int { return 3 })
		model.Assert(v == 1 && ok && (w == 2 || w == 3))
		join(t)
	}},
	{name: "LazyLock", f: func() {
		runs := 0
		l := lock.NewLazyLock(func() int { runs++; return 7 })
		t := thread.Go(func() { model.Assert(l.Get() == 7) })
		model.Assert(l.Get() == 7 && *l.Ptr() == 7)
		join(t)
		model.Assert(runs == 1)
	}},
}

func onceOf(n int) func() {
	return func() {
		var o lock.Once
		var v cell.UnsafeCell[int]
		thread.Scope(func(s *thread.ScopeHandle) {
			for range n {
				s.Go(func() {
					o.Do(func() { v.WithMut(func(p *int) { *p++ }) })
					v.With(func(p *int) { model.Assert(*p == 1) })
				})
			}
		})
	}
}

func onceLockOf(n int) func() {
	return func() {
		var o lock.OnceLock[int]
		thread.Scope(func(s *thread.ScopeHandle) {
			for i := range n {
				s.Go(func() {
					a := o.GetOrInit(func() int { return i })
					b, ok := o.Get()
					model.Assert(ok && b == a)
				})
			}
		})
	}
}
