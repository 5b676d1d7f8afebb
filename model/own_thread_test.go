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

var ownThread = []ownProgram{
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
	{name: "JoinSet of two, two joiners", f: func() {
		var s thread.JoinSet[int]
		s.Spawn(func() int { return 1 })
		s.Spawn(func() int { return 2 })
		t := thread.Spawn(func() int { v, err := s.JoinNext(); model.Assert(err == nil); return v })
		v, err := s.JoinNext()
		w, _ := t.Join()
		model.Assert(err == nil && v+w == 3)
		_, err = s.JoinNext()
		model.Assert(err == thread.ErrNoThreads)
	}},
	{name: "JoinSet.JoinNextTimeout", f: func() {
		var s thread.JoinSet[int]
		s.Spawn(func() int { return 1 })
		v, err := s.JoinNextTimeout(time.Second)
		if err != nil {
			v, err = s.JoinNext()
		}
		model.Assert(v == 1 && err == nil && s.Len() == 0)
	}},
	{name: "ScopeErr", f: func() {
		first := errors.New("no")
		err := thread.ScopeErr(context.Background(), func(ctx context.Context, s *thread.ErrScopeHandle) error {
			s.Go(func() error { return first })
			s.Go(func() error { return first })
			return ctx.Err()
		})
		model.Assert(err == first || err == context.Canceled)
	}},
	{name: "Local: dropped before the join", f: func() {
		n := 0
		l := thread.NewLocal(func() closer { return closer{func() { n++ }} })
		join(thread.Go(func() { l.Get() }), thread.Go(func() { l.Get() }))
		model.Assert(n == 2)
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
	{name: "Park: two unparks are one or two wake-ups", f: func() {
		main := thread.Current()
		t, u := thread.Go(main.Unpark), thread.Go(main.Unpark)
		thread.Park()
		join(t, u)
		_ = thread.TryPark()
		model.Assert(!thread.TryPark(), "tokens add up")
	}},
	{name: "ParkContext", f: func() {
		main := thread.Current()
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() { main.Unpark(); cancel() })
		if err := thread.ParkContext(ctx); err != nil {
			thread.Park() // the token is not lost
		}
		join(t)
	}},
	{name: "Scope: a panic of one is told when all have ended", f: func() {
		ended := 0
		defer func() {
			_, ok := recover().(*thread.ScopePanicError)
			model.Assert(ok && ended == 2)
		}()
		var m lock.Mutex[int]
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 2 {
				s.Go(func() { m.With(func(*int) { ended++ }) })
			}
			s.Go(func() { panic("one") })
		})
	}},
	{name: "ScopeContext: a panic cancels the waits of the others", f: func() {
		defer func() {
			_, ok := recover().(*thread.ScopePanicError)
			model.Assert(ok)
		}()
		thread.ScopeContext(context.Background(), func(ctx context.Context, s *thread.ScopeHandle) {
			for range 2 {
				s.Go(func() { model.Assert(thread.ParkContext(ctx) != nil) })
			}
			s.Go(func() { panic("one") })
		})
	}},
}

type closer struct{ f func() }

func (c closer) Close() { c.f() }
