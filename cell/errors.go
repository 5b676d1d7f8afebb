package cell

import (
	"fmt"
	"reflect"
)

// A BorrowError reports a borrow of a [RefCell] that conflicts with another:
// Borrow and BorrowMut panic with it, TryBorrow and TryBorrowMut return it.
type BorrowError struct {
	Type    string // what the RefCell holds
	Mut     bool   // BorrowMut was tried; otherwise Borrow
	Writing bool   // a RefMut is out
	Readers int    // how many Refs are out

	// Tried is file:line of the refused call. Outstanding is file:line of the
	// call that took the borrow in its way, the latest if there are several;
	// it is empty in a build that does not record it.
	Tried, Outstanding string
}

func (e *BorrowError) Error() string {
	tried, owner := "Borrow", "a RefMut"
	if e.Mut {
		tried = "BorrowMut"
	}
	if !e.Writing {
		owner = fmt.Sprintf("%d Refs", e.Readers)
		if e.Readers == 1 {
			owner = "a Ref"
		}
	}
	where := "; build with -race or -tags fearless_debug to see where it was taken"
	if e.Outstanding != "" {
		where = ", taken at " + e.Outstanding
	}
	return fmt.Sprintf("cell: %s of a RefCell[%s] at %s while %s is out%s; Release that first (many readers or one writer, never both)",
		tried, e.Type, e.Tried, owner, where)
}

// A ReleasedError is what a [Ref] or [RefMut] panics with that is used after
// its Release, or that no RefCell made.
type ReleasedError struct {
	Type            string // such as Ref[int]
	Op              string // the method
	Taken, Released string // file:line, empty in a build that does not record them
}

func (e *ReleasedError) Error() string {
	where := ""
	if e.Released != "" {
		where = fmt.Sprintf(" at %s (taken at %s)", e.Released, e.Taken)
	}
	return fmt.Sprintf("cell: %s of a %s that was released%s; borrow again to go on using the value", e.Op, e.Type, where)
}

// A ReentrantError is what a [OnceCell] or [LazyCell] panics with when the
// function that computes its value needs that value.
type ReentrantError struct {
	Type string // such as OnceCell[int]
	Op   string // the method that was called by the function
}

func (e *ReentrantError) Error() string {
	return fmt.Sprintf("cell: %s of a %s by the function that computes its value; the function must not use its own result", e.Op, e.Type)
}

// A PoisonError is what a [LazyCell] panics with whose function panicked or
// called runtime.Goexit when it was first asked.
type PoisonError struct {
	Type string // such as LazyCell[int]
}

func (e *PoisonError) Error() string {
	return fmt.Sprintf("cell: %s has no value because its function panicked; it is not run again, so make a new one", e.Type)
}

// An NoFunctionError is what a [LazyCell] without a function panics with.
type NoFunctionError struct {
	Type string // such as LazyCell[int]
}

func (e *NoFunctionError) Error() string {
	return fmt.Sprintf("cell: %s has no function to compute its value; make it with NewLazyCell and a function", e.Type)
}

// A MapError is what [Map] and [MapMut] panic with whose function returned nil.
// The borrow has ended.
type MapError struct {
	Op string // "Map" or "MapMut"
}

func (e *MapError) Error() string {
	return fmt.Sprintf("cell: the function of %s returned nil; use Filter%s for a part that may not be there", e.Op, e.Op)
}

func typeName[T any]() string { return reflect.TypeFor[T]().String() }
