package cell

import "github.com/fearless-go/fearless/marker"

// A OnceCell is set at most once. The zero OnceCell is empty and ready to
// use. A OnceCell must not be copied after first use.
//
// A OnceCell synchronizes nothing and is not Sync. Between threads use
// lock.OnceLock.
type OnceCell[T any] struct {
	_    marker.NoSync
	_    noCopy
	full bool
	busy bool // its GetOrInit is running the function
	v    UnsafeCell[T]
}

// NewOnceCell returns a OnceCell that is set to v.
func NewOnceCell[T any](v T) *OnceCell[T] {
	c := &OnceCell[T]{full: true}
	c.v.v = v
	return c
}

// Get returns the value, and false if there is none yet.
func (c *OnceCell[T]) Get() (v T, ok bool) {
	if !c.full {
		return v, false
	}
	return c.v.load(), true
}

// Ptr returns a pointer to the value, to read it, or nil if there is none yet.
func (c *OnceCell[T]) Ptr() *T {
	if !c.full {
		return nil
	}
	c.v.at.Read()
	return &c.v.v
}

// Set sets the value to v and returns true, or returns false if there is one
// already. Called by the function of a running GetOrInit it panics with a
// [*ReentrantError].
func (c *OnceCell[T]) Set(v T) (ok bool) {
	c.refuseReentrant("Set")
	if c.full {
		return false
	}
	c.v.store(v)
	c.full = true
	return true
}

// GetOrInit returns the value; if there is none yet, it is set to f() first.
// If f panics, the cell stays empty. If f uses GetOrInit of the same cell,
// that panics with a [*ReentrantError].
func (c *OnceCell[T]) GetOrInit(f func() T) T {
	if c.full {
		return c.v.load()
	}
	v, _ := c.init("GetOrInit", func() (T, error) { return f(), nil })
	return v
}

// GetOrTryInit is GetOrInit for a function that may fail: the error is
// returned, and the cell stays empty.
func (c *OnceCell[T]) GetOrTryInit(f func() (T, error)) (T, error) {
	if c.full {
		return c.v.load(), nil
	}
	return c.init("GetOrTryInit", f)
}

// Take returns the value and leaves the cell empty, or returns false if it is
// empty already.
func (c *OnceCell[T]) Take() (v T, ok bool) {
	v, ok = c.Get()
	if ok {
		var zero T
		c.v.store(zero)
		c.full = false
	}
	return v, ok
}

func (c *OnceCell[T]) init(op string, f func() (T, error)) (T, error) {
	c.refuseReentrant(op)
	c.busy = true
	defer func() { c.busy = false }()
	v, err := f()
	if err != nil {
		var zero T
		return zero, err
	}
	c.v.store(v)
	c.full = true
	return v, nil
}

func (c *OnceCell[T]) refuseReentrant(op string) {
	if c.busy {
		panic(&ReentrantError{Type: "OnceCell[" + typeName[T]() + "]", Op: op})
	}
}
