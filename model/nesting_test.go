//go:build fearless_model

package model_test

import (
	"errors"
	"runtime"
	realatomic "sync/atomic"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// Threads run on one another's stacks where they can. These programs are such
// that they cannot: each needs several to stand in the middle of something.

func TestThreadsThatTakeTurns(t *testing.T) {
	const rounds = 3
	r := model.Explore(func() {
		var turn atomic.Int32
		got := make([]int32, 3)
		var handles []*thread.JoinHandle[thread.Void]
		for i := range int32(3) {
			handles = append(handles, thread.Go(func() {
				for n := range int32(rounds) {
					for turn.Load(atomic.Acquire) != 3*n+i {
						atomic.SpinLoop()
					}
					got[i] += turn.FetchAdd(1, atomic.Release)
				}
			}))
		}
		for _, h := range handles {
			h.Join()
		}
		model.Observe(got, turn.Load(atomic.Relaxed))
	})
	if r.Failure != nil || r.Executions != 1 || r.Outcomes["[9 12 15] 9"] != 1 {
		t.Errorf("%+v", r)
	}
}

func TestGoexitOfAThreadLeavesTheOthers(t *testing.T) {
	for _, engines := range []int{1, 2} {
		var cleaned realatomic.Int32
		r := model.Explore(func() {
			var x atomic.Int32
			defer func() { cleaned.Add(1) }()
			exits := thread.Go(func() {
				defer x.FetchAdd(1, atomic.Relaxed)
				runtime.Goexit()
			})
			returns := thread.Go(func() { x.FetchAdd(2, atomic.Relaxed) })
			_, err := exits.Join()
			model.Assert(errors.Is(err, thread.ErrGoexit))
			_, err = returns.Join()
			model.Assert(err == nil)
			model.Observe(x.Load(atomic.Relaxed))
		}, model.Parallel(engines))
		if r.Failure != nil || r.Executions != 2 || r.Outcomes["3"] != 2 {
			t.Errorf("%d engines: %+v", engines, r)
		}
		if cleaned.Load() < 2 {
			t.Errorf("the main function's deferred call ran %d times in 2 executions", cleaned.Load())
		}
	}
}

func TestPanicAboveAWaitingThread(t *testing.T) {
	r := model.Explore(func() {
		var x atomic.Int32
		a := thread.Go(func() {
			for x.Load(atomic.Acquire) == 0 {
				atomic.SpinLoop()
			}
			panic("a")
		})
		b := thread.Go(func() {
			x.Store(1, atomic.Release)
			panic("b")
		})
		var e *thread.PanicError
		_, err := a.Join()
		model.Assert(errors.As(err, &e) && e.Value == "a")
		_, err = b.Join()
		model.Assert(errors.As(err, &e) && e.Value == "b")
	})
	if r.Failure != nil || r.Executions != 1 {
		t.Errorf("%+v", r)
	}
}
