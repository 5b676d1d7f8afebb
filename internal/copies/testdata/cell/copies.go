// Package copies copies every type of package cell that must not be copied.
package copies

import "github.com/fearless-go/fearless/cell"

func copies(a *cell.Cell[int], b *cell.RefCell[int], c *cell.UnsafeCell[int], d *cell.OnceCell[int], e *cell.LazyCell[int]) {
	_ = *a // want
	_ = *b // want
	_ = *c // want
	_ = *d // want
	_ = *e // want
	var r cell.Ref[int]
	_ = r
}
