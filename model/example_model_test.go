//go:build fearless_model

package model_test

import (
	"fmt"
	"os"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// Both threads may miss the other's store: SeqCst would forbid it.
func ExampleExplore() {
	r := model.Explore(func() {
		var x, y atomic.Int32
		var a int32
		t := thread.Go(func() {
			x.Store(1, atomic.Relaxed)
			a = y.Load(atomic.Relaxed)
		})
		y.Store(1, atomic.Relaxed)
		b := x.Load(atomic.Relaxed)
		t.Join()
		model.Observe(a, b)
	})
	fmt.Println(r.Executions, "executions; both miss the other's store in", r.Outcomes["0 0"])
	// Output: 4 executions; both miss the other's store in 1
}

func ExampleReport() {
	r := model.Explore(func() { model.Observe(model.Choose(3)) })
	fmt.Println(r.Executions, r.Blocked, r.Exhaustive, r.Failure == nil, len(r.Outcomes))
	// Output: 3 0 true true 3
}

func ExampleFailure() {
	r := model.Explore(func() {
		var x atomic.Int32
		t := thread.Go(func() { x.Store(1, atomic.Relaxed) })
		t.Join()
		model.Assert(x.Load(atomic.Relaxed) == 2, "no such store")
	})
	fmt.Println(r.Failure.Kind)
	if err := r.Failure.WriteText(os.Stderr); err != nil { // the execution, step by step
		fmt.Println(err)
	}
	again := model.Explore(func() {}, model.Replay(r.Failure.Replay))
	fmt.Println(again.Failure.Kind) // another function does something else
	// Output:
	// panic
	// nondeterminism
}
