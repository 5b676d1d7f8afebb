//go:build fearless_model

package model_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// A loop that counts is cut, and the report says so.
func TestUnrollCutsLoops(t *testing.T) {
	counting := func() {
		var x atomic.Int32
		w := thread.Go(func() { x.Store(1, relaxed) })
		n := 0
		for x.Load(relaxed) == 0 {
			n++
		}
		join(w)
		model.Observe(n)
	}
	for rounds := 1; rounds <= 5; rounds++ {
		r := model.Explore(counting, model.Unroll(rounds))
		if r.Failure != nil || r.Verdict() != model.Undecided || r.Exhaustive {
			t.Errorf("%d rounds: %s, %v", rounds, r.Verdict(), r.Failure)
		}
		if len(r.Outcomes) != rounds || r.Outcomes[strconv.Itoa(rounds-1)] != 1 {
			t.Errorf("%d rounds: %v", rounds, r.Outcomes)
		}
	}
}

// Nothing is cut where no loop goes round so often, and executions are the same.
func TestUnrollOfWhatIsShorterChangesNothing(t *testing.T) {
	program := func() {
		var x, y atomic.Int32
		a := thread.Go(func() {
			for range 3 {
				x.FetchAdd(1, relaxed)
			}
		})
		b := thread.Go(func() {
			for range 2 {
				y.Store(x.Load(acquire), release)
			}
		})
		join(a)
		join(b)
		model.Observe(y.Load(relaxed))
	}
	all := model.Explore(program)
	same := model.Explore(program, model.Unroll(3))
	if !same.Exhaustive || same.Executions != all.Executions || same.Verdict() != model.Proven {
		t.Errorf("%d executions for %d, %s", same.Executions, all.Executions, same.Verdict())
	}
	cut := model.Explore(program, model.Unroll(2))
	if cut.Verdict() != model.Undecided || cut.Executions != 0 ||
		!slices.ContainsFunc(cut.Unseen, func(u model.Unseen) bool {
			return u.Kind == model.LoopCut && strings.Contains(u.String(), "undecided") && strings.Contains(u.String(), "unroll_test.go:")
		}) {
		t.Errorf("cut: %s, %d executions, %v", cut.Verdict(), cut.Executions, cut.Unseen)
	}
}

// Two threads that undo each other's steps reach no limit, and what fails within the
// rounds is found.
func TestUnrollFindsWhatFailsEarly(t *testing.T) {
	program := func(wrong int32) func() {
		return func() {
			var x atomic.Int32
			flip := func(from, to int32) func() {
				return func() {
					for range 1000 {
						x.CompareExchange(from, to, acqRel, relaxed)
						model.Assert(x.Load(relaxed) != wrong)
					}
				}
			}
			a, b := thread.Go(flip(0, 1)), thread.Go(flip(1, 0))
			join(a)
			join(b)
		}
	}
	if r := model.Explore(program(1), model.Unroll(2)); r.Failure == nil || r.Failure.Kind != model.Panic {
		t.Errorf("%v", r.Failure)
	}
	if r := model.Explore(program(2), model.Unroll(2)); r.Failure != nil || r.Verdict() != model.Undecided {
		t.Errorf("%v, %s", r.Failure, r.Verdict())
	}
}

func TestUnrollRefuses(t *testing.T) {
	for _, n := range []int{0, -1} {
		r := model.Explore(func() {}, model.Unroll(n))
		if r.Failure == nil || r.Failure.Kind != model.BadOption || !strings.Contains(r.Failure.Error(), "Unroll") {
			t.Errorf("%d: %v", n, r.Failure)
		}
	}
}
