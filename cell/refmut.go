package cell

import (
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/marker"
)

// A RefMut is a value that a [RefCell] lends for reading and writing. It is a
// small value that may be passed on; whoever has it last calls Release. After
// Release, any other call panics with a [*ReleasedError].
type RefMut[T any] struct {
	_      marker.NoSend
	cell   *RefCell[T] // nil after Release
	borrow *borrow     // in checked builds
}

// Get returns the value.
func (r RefMut[T]) Get() T {
	if r.cell == nil || checked.Build {
		r.check("Get")
	}
	return r.cell.v.v
}

// Set replaces the value by v.
func (r RefMut[T]) Set(v T) {
	if r.cell == nil || checked.Build {
		r.check("Set")
	}
	r.cell.v.v = v
}

// Ptr returns a pointer to the value, which may be used until Release.
func (r RefMut[T]) Ptr() *T {
	if r.cell == nil || checked.Build {
		r.check("Ptr")
	}
	return &r.cell.v.v
}

// Release ends the borrow.
func (r *RefMut[T]) Release() {
	c := r.cell
	if c == nil || c.state != writing || checked.Build {
		r.release()
		return
	}
	c.state = 0
	r.cell = nil
}

// check panics unless r still borrows. It also tells the model checker of the
// access that follows, because a model build is a checked build.
func (r RefMut[T]) check(op string) {
	if stale(r.cell, r.borrow) {
		panicReleased[T](r.borrow, "RefMut", op)
	}
	r.cell.v.at.Write()
}

func (r *RefMut[T]) release() {
	if stale(r.cell, r.borrow) || r.cell.state != writing {
		// Released before, or a copy of it was, and nothing is lent now.
		panicReleased[T](r.borrow, "RefMut", "Release")
	}
	r.cell.forget(r.borrow)
	r.cell.state = 0
	r.cell = nil
}
