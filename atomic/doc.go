// Package atomic has Rust's atomic types: every integer, a bool and a pointer,
// every operation, and a memory ordering for each.
//
// An atomic operation is indivisible: another thread sees all of it or nothing.
// That makes a variable safe to share without a lock. What it says about other
// variables is a second question, and the ordering answers it:
//
//	var ready atomic.Bool
//	data := 0
//
//	t := thread.Go(func() {
//		data = 42
//		ready.Store(true, atomic.Release)
//	})
//	for !ready.Load(atomic.Acquire) {
//		thread.YieldNow()
//	}
//	fmt.Println(data) // 42: the Release store synchronizes before the Acquire load
//	t.Join()
//
// # Operations
//
// Load, Store and Swap; FetchAdd, FetchSub, FetchAnd, FetchOr, FetchXor,
// FetchNand, FetchMax and FetchMin, which return the previous value and wrap
// around on overflow; CompareExchange and CompareExchangeWeak, from which
// everything else can be built; FetchUpdate, which is that loop. An operation
// that is called with an ordering that it cannot have, such as Load(Release),
// panics with an [*OrderingError].
//
// # Orderings
//
// In the terminology of the Go memory model, a store with [Release] or
// stronger synchronizes before a load with [Acquire] or stronger that
// observes it. [Relaxed] synchronizes nothing. [SeqCst] operations also stand
// in one total order. See chapters 2 and 3 of "Rust Atomics and Locks".
//
// Go's own atomics are all sequentially consistent, and the default build is
// made of them: an ordering costs nothing at run time, and what it leaves out
// you still get. So a program with an ordering that is too weak works here,
// and breaks when it is ported or explored. Build the test with the tag
// fearless_model and package model tries everything that the orderings allow.
package atomic

//go:generate go run gen.go
