package cell

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/marker"
)

// An UnsafeCell is shared memory without any check: a plain variable, known
// to the tools. Locks, queues and other types that order the accesses to their
// data themselves keep the data in it. The zero UnsafeCell holds the zero T
// and is ready to use. An UnsafeCell must not be copied after first use.
//
// In a model build (tag fearless_model) every With and WithMut is checked for
// data races: two accesses by different threads, one of them a WithMut, with
// nothing that orders them. In the default build they cost nothing, and the
// race detector sees what the function does with the pointer.
//
// An UnsafeCell synchronizes nothing.
type UnsafeCell[T any] struct {
	_  marker.NoSync
	_  noCopy
	at access.Location
	v  T
}

// NewUnsafeCell returns an UnsafeCell that holds v.
func NewUnsafeCell[T any](v T) *UnsafeCell[T] {
	return &UnsafeCell[T]{v: v}
}

// Get returns a pointer to the value. Nothing watches what is done with it,
// not even the model checker, whose report says so: prefer With and WithMut.
func (c *UnsafeCell[T]) Get() *T {
	c.at.Escapes()
	return &c.v
}

// With calls f with a pointer to the value, to read it. f must neither write
// through the pointer nor keep it.
func (c *UnsafeCell[T]) With(f func(v *T)) {
	// f may synchronize with other threads, so the access is as long as f.
	access.While(&c.at, false, f, &c.v)
}

// WithMut calls f with a pointer to the value, to read and write it. f must
// not keep the pointer.
func (c *UnsafeCell[T]) WithMut(f func(v *T)) {
	access.While(&c.at, true, f, &c.v)
}

// load and store are With and WithMut for the other cells.
func (c *UnsafeCell[T]) load() T {
	c.at.Read()
	return c.v
}

func (c *UnsafeCell[T]) store(v T) {
	c.at.Write()
	c.v = v
}
