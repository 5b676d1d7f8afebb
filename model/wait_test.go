//go:build fearless_model

package model_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestParkWakesSpuriously(t *testing.T) {
	parked := func(again bool) func() {
		return func() {
			var ready atomic.Bool
			main := thread.Current()
			w := thread.Go(func() {
				ready.Store(true, release)
				main.Unpark()
			})
			thread.Park()
			for again && !ready.Load(acquire) {
				thread.Park()
			}
			model.Assert(ready.Load(acquire), "woken too early")
			join(w)
		}
	}
	r := model.Explore(parked(false))
	if r.Failure == nil || !strings.Contains(r.Failure.Message, "woken too early") {
		t.Errorf("without a loop: %v", r.Failure)
	}
	explore(t, parked(true))
}

func TestWaitTimeoutWhileTimesOutAndDoesNot(t *testing.T) {
	r := explore(t, func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		w := thread.Go(func() {
			m.With(func(v *bool) { *v = true })
			c.NotifyOne()
		})
		g := m.Lock()
		timedOut := c.WaitTimeoutWhile(g, time.Hour, func() bool { return !g.Get() })
		model.Assert(timedOut || g.Get())
		g.Unlock()
		join(w)
		model.Observe(timedOut)
	})
	if r.Outcomes["true"] == 0 || r.Outcomes["false"] == 0 {
		t.Error(r.Outcomes)
	}
}
