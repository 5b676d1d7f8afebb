//go:build fearless_model

package model_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// What the other thread writes after the assumption has failed still counts.
func TestAssumeGivesUpOnlyWhatReadTooEarly(t *testing.T) {
	for _, m := range []model.MemoryModel{model.RC11, model.SC} {
		r := explore(t, func() {
			var x, y atomic.Int32
			h := thread.Go(func() {
				y.Store(1, relaxed)
				x.Store(1, release)
			})
			model.Assume(x.Load(acquire) == 1)
			model.Observe(y.Load(relaxed))
			join(h)
		}, model.Memory(m))
		if r.Executions != 1 || r.Blocked != 1 || r.Outcomes["1"] != 1 {
			t.Errorf("%v: %v", m, r)
		}
	}
}

func TestAssumeThatNeverHoldsIsNoDeadlock(t *testing.T) {
	r := explore(t, func() { model.Assume(false) })
	if r.Executions != 0 || r.Blocked != 1 || !r.Exhaustive {
		t.Errorf("%v", r)
	}
}

func TestAssumeOutsideOfAModel(t *testing.T) {
	model.Assume(true)
	defer func() {
		err, _ := recover().(error)
		if want := (*model.AssertionError)(nil); !errors.As(err, &want) || want.Place == "" {
			t.Error(err)
		}
	}()
	model.Assume(false)
}

func ExampleAssume() {
	r := model.Explore(func() {
		var x atomic.Int32
		t := thread.Go(func() { x.Store(int32(model.Choose(10)), atomic.Relaxed) })
		v := x.Load(atomic.Relaxed)
		t.Join()
		model.Assume(v > 7) // the others are not of interest
		model.Observe(v)
	})
	fmt.Println(r.Executions, r.Outcomes)
	// Output: 2 map[8:1 9:1]
}
