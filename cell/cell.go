package cell

// A Cell holds a value that may change although the Cell is shared: by
// several pointers, closures or data structures of one thread. Values go in
// and out whole; a pointer into the Cell is never handed out. The zero Cell
// holds the zero T and is ready to use. A Cell must not be copied after first
// use.
//
// A Cell synchronizes nothing and is not Sync. Between threads use the types
// of package atomic.
type Cell[T any] struct {
	v UnsafeCell[T]
}

// NewCell returns a Cell that holds v.
func NewCell[T any](v T) *Cell[T] {
	c := new(Cell[T])
	c.v.v = v
	return c
}

// Get returns the value.
func (c *Cell[T]) Get() T { return c.v.load() }

// Set replaces the value by v.
func (c *Cell[T]) Set(v T) { c.v.store(v) }

// Replace sets the value to v and returns the previous one.
func (c *Cell[T]) Replace(v T) (previous T) {
	previous = c.v.load()
	c.v.store(v)
	return previous
}

// Take returns the value and leaves the zero T.
func (c *Cell[T]) Take() T {
	var zero T
	return c.Replace(zero)
}

// Swap exchanges the values of c and other, which may be the same Cell.
func (c *Cell[T]) Swap(other *Cell[T]) {
	c.Set(other.Replace(c.Get()))
}

// Update sets the value to f of the value. If f uses the Cell itself, what it
// sets is overwritten by its result; if f panics, the value stays.
func (c *Cell[T]) Update(f func(v T) T) {
	c.Set(f(c.Get()))
}
