package linear

import (
	"fmt"
	"strings"
)

// An OpError is the panic of a specification that does not have the operation.
type OpError struct{ Spec, Op string }

func (e *OpError) Error() string {
	return fmt.Sprintf("linear: the specification %s has no operation %s: use those that its documentation names", e.Spec, e.Op)
}

func unknown[S, R any](spec string, op fmt.Stringer) []Outcome[S, R] {
	panic(&OpError{spec, op.String()})
}

// A UseError is the panic of a History that is used where it does not belong.
type UseError struct{ why string }

func (e *UseError) Error() string { return "linear: " + e.why }

// A Violation is that no order of the operations of a history that keeps what
// comes before what is one of the specification.
type Violation struct {
	Spec string
	// Operations are those of the part that is wrong, in the order of their calls.
	Operations []Operation
	// Explained is how many of them fit the specification at most.
	Explained int
	orders    string // what their order is
}

// An Operation is one of a history, as a Violation tells it.
type Operation struct {
	Thread int    // who made it: threads of a model have their numbers, goroutines are numbered by their first operation
	Op     string // as it prints
	Result string // as it prints; "" if it never returned
	After  []int  // indices of the operations that come before it, without those that these come after
}

// Error prints the history.
func (e *Violation) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "these operations of a %s have no order in which their results are right, given %s; at most %d of %d fit:", e.Spec, e.orders, e.Explained, len(e.Operations))
	for i, o := range e.Operations {
		result := o.Result
		if result == "" {
			result = "did not return"
		}
		fmt.Fprintf(&b, "\n  %2d  thread %d  %s = %s", i+1, o.Thread, o.Op, result)
		for k, at := range o.After {
			if k == 0 {
				b.WriteString("    after ")
			} else {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%d", at+1)
		}
	}
	return b.String()
}

// An UndecidedError is that the search was given up: nothing is known.
type UndecidedError struct {
	Spec       string
	Operations int
	limit      string
}

func (e *UndecidedError) Error() string {
	return fmt.Sprintf("linear: undecided: %d operations of a %s, and no order was found, nor that there is none, within %s: record fewer, or give the specification a Part", e.Operations, e.Spec, e.limit)
}
