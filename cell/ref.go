package cell

import (
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/marker"
)

// A Ref is a value that a [RefCell] lends for reading. It is a small value
// that may be passed on; whoever has it last calls Release. After Release, any
// other call panics with a [*ReleasedError].
type Ref[T any] struct {
	_      marker.NoSend
	cell   *RefCell[T] // nil after Release
	borrow *borrow     // in checked builds
}

// Get returns the value.
func (r Ref[T]) Get() T {
	if r.cell == nil || checked.Build {
		r.check("Get")
	}
	return r.cell.v.v
}

// Ptr returns a pointer to the value. It may be used until Release, and only
// for reading.
func (r Ref[T]) Ptr() *T {
	if r.cell == nil || checked.Build {
		r.check("Ptr")
	}
	return &r.cell.v.v
}

// Clone returns another Ref of the value, with a Release of its own.
func (r Ref[T]) Clone() Ref[T] {
	if stale(r.cell, r.borrow) {
		panicReleased[T](r.borrow, "Ref", "Clone")
	}
	return r.cell.Borrow() // readers are in already, so this one may
}

// Release ends the borrow.
func (r *Ref[T]) Release() {
	c := r.cell
	if c == nil || c.state <= 0 || checked.Build {
		r.release()
		return
	}
	c.state--
	r.cell = nil
}

// check panics unless r still borrows. It also tells the model checker of the
// access that follows, because a model build is a checked build.
func (r Ref[T]) check(op string) {
	if stale(r.cell, r.borrow) {
		panicReleased[T](r.borrow, "Ref", op)
	}
	r.cell.v.at.Read()
}

func (r *Ref[T]) release() {
	if stale(r.cell, r.borrow) || r.cell.state <= 0 {
		// Released before, or a copy of it was, and nothing is lent now.
		panicReleased[T](r.borrow, "Ref", "Release")
	}
	r.cell.forget(r.borrow)
	r.cell.state--
	r.cell = nil
}
