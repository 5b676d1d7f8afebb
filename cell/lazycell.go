package cell

import "github.com/fearless-go/fearless/marker"

// A LazyCell computes its value when it is first asked for it. It is made by
// [NewLazyCell] and must not be copied.
//
// A LazyCell synchronizes nothing and is not Sync. Between threads use
// lock.LazyLock.
type LazyCell[T any] struct {
	_     marker.NoSync
	_     noCopy
	state lazyState
	f     func() T
	v     UnsafeCell[T]
}

type lazyState uint8

const (
	lazyEmpty lazyState = iota
	lazyBusy
	lazyDone
	lazyPoisoned
)

// NewLazyCell returns a LazyCell whose value is f(). A nil f panics with a
// [*NoFunctionError].
func NewLazyCell[T any](f func() T) *LazyCell[T] {
	if f == nil {
		panic(&NoFunctionError{Type: "LazyCell[" + typeName[T]() + "]"})
	}
	return &LazyCell[T]{f: f}
}

// Get returns the value, which the first call computes.
//
// If the function panics or calls runtime.Goexit, it is not run again: every
// later Get panics with a [*PoisonError]. If the function calls Get of the
// same LazyCell, that panics with a [*ReentrantError]. Get of a LazyCell
// that NewLazyCell did not make panics with an [*NoFunctionError].
func (c *LazyCell[T]) Get() T {
	if c.state != lazyDone {
		c.init()
	}
	return c.v.load()
}

// TryGet returns the value, and false if it has not been computed. It does not
// compute it.
func (c *LazyCell[T]) TryGet() (v T, ok bool) {
	if c.state != lazyDone {
		return v, false
	}
	return c.v.load(), true
}

// Ptr is Get, but returns a pointer to the value, to read it.
func (c *LazyCell[T]) Ptr() *T {
	if c.state != lazyDone {
		c.init()
	}
	c.v.at.Read()
	return &c.v.v
}

// IsCompleted reports whether the value has been computed.
func (c *LazyCell[T]) IsCompleted() bool { return c.state == lazyDone }

func (c *LazyCell[T]) init() {
	name := "LazyCell[" + typeName[T]() + "]"
	switch {
	case c.state == lazyBusy:
		panic(&ReentrantError{Type: name, Op: "Get"})
	case c.state == lazyPoisoned:
		panic(&PoisonError{Type: name})
	case c.f == nil:
		panic(&NoFunctionError{Type: name})
	}
	c.state = lazyBusy
	defer func() {
		c.f = nil // what it holds is free now
		if c.state == lazyBusy {
			c.state = lazyPoisoned
		}
	}()
	c.v.store(c.f())
	c.state = lazyDone
}
