//go:build fearless_model

package model_test

import (
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// inTurn is five threads with a ticket lock that fail if they get it in one order.
func inTurn(bad int) func() {
	return func() {
		var next, owner atomic.Int32
		var order [5]int
		var threads []*thread.JoinHandle[thread.Void]
		for i := range order {
			threads = append(threads, thread.Go(func() {
				ticket := next.FetchAdd(1, atomic.Relaxed)
				for owner.Load(atomic.Acquire) != ticket {
					atomic.SpinLoop()
				}
				order[ticket] = i
				owner.Store(owner.Load(atomic.Relaxed)+1, atomic.Release)
			}))
		}
		for _, t := range threads {
			t.Join()
		}
		digits := 0
		for _, i := range order {
			digits = 10*digits + i
		}
		model.Observe(digits)
		model.Assert(digits != bad)
	}
}

// What engines learn of busy loops changes the order in which they explore.
func TestFirstFailureAmongBusyLoopsIsTheSameWithParallel(t *testing.T) {
	for _, bad := range []int{43210, 12340, 34012} {
		var want string
		for i := range 12 {
			engines := i%3 + 1
			r := model.Explore(inTurn(bad), model.Parallel(engines))
			got := fmt.Sprintf("%d executions, %v, %d blocked, %v, replay %s", r.Executions, r.Outcomes, r.Blocked, r.Failure, r.Failure.Replay)
			if i == 0 {
				want = got
			} else if got != want {
				t.Errorf("%d, %d engines: %s\nwant %s", bad, engines, got, want)
			}
		}
	}
}

func TestMaxDurationEndsTheSecondLookForAFailure(t *testing.T) {
	for range 5 {
		r := model.Explore(inTurn(43210), model.Parallel(3), model.MaxDuration(1))
		if r.Failure == nil && r.Exhaustive {
			t.Errorf("%+v: neither a failure nor an end before the time", r)
		}
	}
}
