package atomic

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/word"
)

// Ordering says what an atomic operation promises about the memory around it.
//
// It is the "memory ordering" of chapters 2 and 3 of "Rust Atomics and Locks",
// and of C11 (N3220, 7.17.3), without consume.
type Ordering uint8

const (
	// Relaxed promises the atomicity of this operation and one order of all
	// modifications of this variable, nothing about any other variable.
	Relaxed Ordering = iota
	// Acquire, on a load: a Release store that this load reads from
	// synchronizes before what follows the load.
	Acquire
	// Release, on a store: what precedes the store is synchronized before an
	// Acquire load that reads from it, or from a read-modify-write chain
	// that starts with it.
	Release
	// AcqRel, on a read-modify-write: Acquire for its load, Release for its store.
	AcqRel
	// SeqCst is Acquire, Release or AcqRel, as the operation allows, and all
	// SeqCst operations of a program stand in one order that every thread sees.
	SeqCst
)

var orderingNames = [...]string{"Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"}

// String returns the name of the ordering.
func (o Ordering) String() string {
	if int(o) < len(orderingNames) {
		return orderingNames[o]
	}
	return fmt.Sprintf("Ordering(%d)", uint8(o))
}

// order translates to the numbering of package word, which is the same.
func (o Ordering) order() word.Order { return word.Order(o) }

// Bit o says that a load or a store can have the ordering o. A set of bits,
// because the test of one is small enough for the inliner and folds away.
const (
	forLoad  = 1<<Relaxed | 1<<Acquire | 1<<SeqCst
	forStore = 1<<Relaxed | 1<<Release | 1<<SeqCst
)

// notForLoad reports whether a load cannot have the ordering.
func (o Ordering) notForLoad() bool { return forLoad>>o&1 == 0 }

// notForStore reports whether a store cannot have the ordering.
func (o Ordering) notForStore() bool { return forStore>>o&1 == 0 }

// weak reports whether the ordering has no Release in it.
func (o Ordering) weak() bool { return o <= Acquire }

// An OrderingError is the value of the panic of an operation that was called
// with an ordering that it cannot have.
type OrderingError struct {
	Op       string   // the operation: "Load", "Store", "CompareExchange", ...
	Ordering Ordering // its ordering; of a compare-exchange, the one for success
	Failure  Ordering // of a compare-exchange, the ordering for failure
}

// Error says which orderings the operation can have.
func (e *OrderingError) Error() string {
	what, o := "ordering", e.Ordering
	use := "Relaxed, Acquire, Release, AcqRel or SeqCst"
	switch {
	case e.Op == "Load":
		use = "Relaxed, Acquire or SeqCst"
	case e.Op == "Store":
		use = "Relaxed, Release or SeqCst"
	case e.Op == "Fence":
		use = "Acquire, Release, AcqRel or SeqCst, because a Relaxed fence orders nothing"
	case e.Failure.notForLoad() && o <= SeqCst:
		what, o = "failure ordering", e.Failure
		use = "Relaxed, Acquire or SeqCst, because a failure only loads"
	}
	return fmt.Sprintf("atomic: %s cannot have the %s %v: use %s", e.Op, what, o, use)
}
