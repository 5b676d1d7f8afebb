package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/cell"
)

// Cell changes a value behind a shared reference, in one thread: take it out,
// change it, put it back. Nothing ever points into a Cell.
func Cell(_ context.Context, _ io.Reader, out *Stdout) {
	f := func(v *cell.Cell[[]int]) {
		v2 := v.Take() // leaves an empty slice behind
		v2 = append(v2, 1)
		v.Set(v2)
	}

	v := cell.NewCell([]int{1, 2, 3})
	f(v)
	Dbg(out, v.Get())
}
