//go:build fearless_model

package model_test

import (
	"context"
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
