package model_test

import (
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// The test of a user: run it with "fearless model".
func ExampleCheck() {
	var t *testing.T // of func TestPublish(t *testing.T)
	model.Check(t, func() {
		var ready atomic.Bool
		var data cell.UnsafeCell[int]
		w := thread.Go(func() {
			data.WithMut(func(p *int) { *p = 42 })
			ready.Store(true, atomic.Release)
		})
		if ready.Load(atomic.Acquire) {
			data.With(func(p *int) { model.Assert(*p == 42) })
		}
		w.Join()
	})
}

// Outside of a model an Assert that does not hold panics.
func ExampleAssert() {
	defer func() {
		err := recover().(*model.AssertionError)
		fmt.Println(err.Message)
	}()
	model.Assert(1+1 == 3, "one and one is ", 1+1)
	// Output: one and one is 2
}

func ExampleOption() {
	f := func() { /* a program of a few threads */ }
	model.Explore(f, model.Memory(model.SC))                     // under sequential consistency
	model.Explore(f, model.Parallel(2))                          // on two cores
	model.Explore(f, model.Seed(1), model.MaxExecutions(100000)) // at random, when it is too large
	model.Explore(f, model.OnProgress(func(p model.Progress) {   // and tell how far it is
		fmt.Println(p.Executions, "executions after", p.Elapsed)
	}))
}
