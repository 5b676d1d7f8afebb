//go:build fearless_model

package model_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// inTurn is five threads with a ticket lock that fail if they get it in one
// order, after they have called met.
func inTurn(bad int, met func()) func() {
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
		if digits == bad {
			met()
			model.Assert(false)
		}
	}
}

// What engines learn of busy loops changes the order in which they explore.
func TestFirstFailureAmongBusyLoopsIsTheSameWithParallel(t *testing.T) {
	for _, bad := range []int{43210, 12340, 34012} {
		var want string
		for i := range 12 {
			engines := i%3 + 1
			r := model.Explore(inTurn(bad, func() {}), model.Parallel(engines))
			got := fmt.Sprintf("%d executions, %v, %d blocked, %v, replay %s", r.Executions, r.Outcomes, r.Blocked, r.Failure, r.Failure.Replay)
			if i == 0 {
				want = got
			} else if got != want {
				t.Errorf("%d, %d engines: %s\nwant %s", bad, engines, got, want)
			}
		}
	}
}

// One engine comes to the failure after more executions than it takes to notice
// that the exploration is to end. What the several have found is told all the same.
func TestASecondLookThatIsEndedKeepsTheFailure(t *testing.T) {
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		r := model.Explore(inTurn(12340, cancel), model.Parallel(2), model.Context(ctx))
		if r.Failure == nil || r.Failure.Kind != model.Panic {
			t.Errorf("%d executions, %v", r.Executions, r.Failure)
		}
	}
}
