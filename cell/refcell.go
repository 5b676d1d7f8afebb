package cell

import (
	"github.com/fearless-go/fearless/internal/caller"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/marker"
)

// A RefCell lends its value to any number of readers or to one writer. A
// borrow that conflicts with another panics with a [*BorrowError]. The zero
// RefCell holds the zero T and is ready to use. A RefCell must not be copied
// after first use.
//
// Prefer With and WithMut: they end the borrow by themselves, also when the
// function panics. A [Ref] or a [RefMut] lasts until its Release; one that is
// forgotten keeps the RefCell borrowed for good.
//
// A RefCell synchronizes nothing and is not Sync. Between threads use
// lock.RWLock, which waits where a RefCell panics.
type RefCell[T any] struct {
	_ marker.NoSync
	_ noCopy
	lending
	v UnsafeCell[T]
}

// lending is what of a RefCell is the same for any T.
type lending struct {
	state int     // the number of Refs, or writing
	last  *borrow // in checked builds: the borrows that are not released yet
}

// writing is the state of a RefCell that a RefMut borrows.
const writing = -1

// A borrow is the record of a Ref or a RefMut in a checked build.
type borrow struct {
	taken, released caller.Place
	done            bool
	older, newer    *borrow
}

// NewRefCell returns a RefCell that holds v.
func NewRefCell[T any](v T) *RefCell[T] {
	c := new(RefCell[T])
	c.v.v = v
	return c
}

// Borrow lends the value for reading, until the Ref's Release. It panics with
// a *BorrowError while a RefMut is out.
func (c *RefCell[T]) Borrow() Ref[T] {
	if c.state >= 0 && !checked.Build {
		c.state++
		return Ref[T]{cell: c}
	}
	return c.borrow()
}

// TryBorrow is Borrow, but returns the *BorrowError.
func (c *RefCell[T]) TryBorrow() (Ref[T], error) {
	r, conflict := c.tryBorrow()
	if conflict != nil {
		return Ref[T]{}, conflict
	}
	return r, nil
}

// BorrowMut lends the value for reading and writing, until the RefMut's
// Release. It panics with a *BorrowError while a Ref or a RefMut is out.
func (c *RefCell[T]) BorrowMut() RefMut[T] {
	if c.state == 0 && !checked.Build {
		c.state = writing
		return RefMut[T]{cell: c}
	}
	return c.borrowMut()
}

// TryBorrowMut is BorrowMut, but returns the *BorrowError.
func (c *RefCell[T]) TryBorrowMut() (RefMut[T], error) {
	r, conflict := c.tryBorrowMut()
	if conflict != nil {
		return RefMut[T]{}, conflict
	}
	return r, nil
}

// With calls f with the value, which stays borrowed for reading until f
// returns or panics. It panics with a *BorrowError while a RefMut is out.
func (c *RefCell[T]) With(f func(v T)) {
	r := c.Borrow()
	defer r.Release()
	f(c.v.load())
}

// WithMut calls f with a pointer to the value, which stays borrowed for
// writing until f returns or panics. f must not keep the pointer. It panics
// with a *BorrowError while a Ref or a RefMut is out.
func (c *RefCell[T]) WithMut(f func(v *T)) {
	r := c.BorrowMut()
	defer r.Release()
	c.v.WithMut(f)
}

// Replace sets the value to v and returns the previous one. It panics with a
// *BorrowError while a Ref or a RefMut is out, and so do the four below.
func (c *RefCell[T]) Replace(v T) (previous T) {
	c.WithMut(func(p *T) { previous, *p = *p, v })
	return previous
}

// ReplaceWith sets the value to f of a pointer to it, and returns the previous
// one, as f left it. If f panics, that stays.
func (c *RefCell[T]) ReplaceWith(f func(v *T) T) (previous T) {
	c.WithMut(func(p *T) {
		v := f(p)
		previous, *p = *p, v
	})
	return previous
}

// Swap exchanges the values of c and other, which must not be the same RefCell.
func (c *RefCell[T]) Swap(other *RefCell[T]) {
	c.WithMut(func(a *T) { other.WithMut(func(b *T) { *a, *b = *b, *a }) })
}

// Take returns the value and leaves the zero T.
func (c *RefCell[T]) Take() T {
	var zero T
	return c.Replace(zero)
}

// IntoInner returns the value of a RefCell that is not used any more.
func (c *RefCell[T]) IntoInner() (v T) {
	c.WithMut(func(p *T) { v = *p })
	return v
}

// It is not inlined so that Borrow can be.
//
//go:noinline
func (c *RefCell[T]) borrow() Ref[T] {
	r, conflict := c.tryBorrow()
	if conflict != nil {
		panic(conflict)
	}
	return r
}

// It is not inlined so that BorrowMut can be.
//
//go:noinline
func (c *RefCell[T]) borrowMut() RefMut[T] {
	r, conflict := c.tryBorrowMut()
	if conflict != nil {
		panic(conflict)
	}
	return r
}

func (c *RefCell[T]) tryBorrow() (Ref[T], *BorrowError) {
	if c.state < 0 {
		return Ref[T]{}, c.conflict(false)
	}
	c.state++
	return Ref[T]{cell: c, borrow: c.record()}, nil
}

func (c *RefCell[T]) tryBorrowMut() (RefMut[T], *BorrowError) {
	if c.state != 0 {
		return RefMut[T]{}, c.conflict(true)
	}
	c.state = writing
	return RefMut[T]{cell: c, borrow: c.record()}, nil
}

func (c *RefCell[T]) conflict(mut bool) *BorrowError {
	e := &BorrowError{
		Type: typeName[T](), Mut: mut, Writing: c.state < 0, Readers: max(c.state, 0),
		Tried: caller.Here().String(),
	}
	if c.last != nil {
		e.Outstanding = c.last.taken.String()
	}
	return e
}

// record notes a new borrow in a checked build, and returns nil in others.
func (c *lending) record() *borrow {
	if !checked.Build {
		return nil
	}
	b := &borrow{taken: caller.Here(), older: c.last}
	if b.older != nil {
		b.older.newer = b
	}
	c.last = b
	return b
}

// forget ends the record of a borrow.
func (c *lending) forget(b *borrow) {
	if b == nil {
		return
	}
	b.released, b.done = caller.Here(), true
	if b.older != nil {
		b.older.newer = b.newer
	}
	if b.newer != nil {
		b.newer.older = b.older
	} else {
		c.last = b.older
	}
}

// stale reports whether a Ref or RefMut of c no longer borrows.
func stale[C any](c *C, b *borrow) bool {
	return c == nil || checked.Build && b.done
}

func panicReleased[T any](b *borrow, kind, op string) {
	e := &ReleasedError{Type: kind + "[" + typeName[T]() + "]", Op: op}
	if b != nil {
		e.Taken, e.Released = b.taken.String(), b.released.String()
	}
	panic(e)
}
