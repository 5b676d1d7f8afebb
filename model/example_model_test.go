//go:build fearless_model

package model_test

import (
	"fmt"
	"os"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
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

// A counter of references gives its object back with the last one. That the other
// owner's use comes before it has to follow from the orderings: Relaxed is not enough.
func ExampleFreed() {
	type object struct {
		owners atomic.Int32
		data   cell.UnsafeCell[int]
	}
	program := func(o atomic.Ordering) func() {
		return func() {
			shared := new(object)
			shared.owners.Store(2, atomic.Relaxed)
			drop := func() {
				if shared.owners.FetchSub(1, o) == 1 {
					model.Freed(shared)
				}
			}
			w := thread.Go(func() {
				shared.data.With(func(*int) {})
				drop()
			})
			drop()
			w.Join()
		}
	}
	right := model.Explore(program(atomic.AcqRel))
	wrong := model.Explore(program(atomic.Relaxed))
	fmt.Println(right.Verdict(), wrong.Failure.Kind)
	// Output: proven use after free
}

// A loop that counts its rounds is explored up to so many, and the verdict is undecided.
func ExampleUnroll() {
	r := model.Explore(func() {
		var ready atomic.Bool
		w := thread.Go(func() { ready.Store(true, atomic.Release) })
		tries := 0
		for !ready.Load(atomic.Acquire) {
			tries++
		}
		w.Join()
		model.Assert(tries < 10)
	}, model.Unroll(4))
	fmt.Println(r.Executions, r.Verdict())
	// Output: 4 undecided
}

// Four threads that do the same are explored once, and not in each of 24 orders.
func ExampleSymmetric() {
	program := func() {
		var n atomic.Int32
		join := model.Symmetric(4, func() { n.FetchAdd(1, atomic.Relaxed) })
		join()
		model.Assert(n.Load(atomic.Relaxed) == 4)
	}
	fmt.Println(model.Explore(program).Executions, model.Explore(program, model.Plain()).Executions)
	// Output: 1 24
}
