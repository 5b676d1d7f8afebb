// Package word holds the machine words below atomic and lock.
//
// A word has the operations of an atomic type without the check that the
// ordering fits the operation: atomic adds that for users, while lock needs a
// fast path that is small enough for the compiler to inline. It is the one
// place, with internal/park and the ground files of thread, that knows what
// the library runs on: *_real.go is sync/atomic, *_model.go an event of
// internal/engine.
//
// In the real build every operation is sequentially consistent, whatever its
// Order says, because sync/atomic has nothing weaker. The order is still a
// parameter, so that the model checker judges the order that was written.
package word

// Order is a memory ordering, numbered as atomic.Ordering is.
type Order uint8

// The orders of C11 without consume.
const (
	Relaxed Order = iota
	Acquire
	Release
	AcqRel
	SeqCst
)

// A Change names what Modify does, for the model, which has to know that of a
// wait, as by FetchMax, that writes what it found.
type Change uint8

// The changes.
const (
	Max Change = iota
	Min
	SignedMax
	SignedMin
)
