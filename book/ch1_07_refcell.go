package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/cell"
)

// RefCell lends its value for as long as a borrow lasts, and counts the borrows:
// beside the one that may change the value there can be no other.
func RefCell(_ context.Context, _ io.Reader, out *Stdout) {
	f := func(v *cell.RefCell[[]int]) {
		b := v.BorrowMut()
		defer b.Release()
		*b.Ptr() = append(*b.Ptr(), 1) // changed where it is
	}

	v := cell.NewRefCell([]int{1, 2, 3})
	f(v)

	b := v.Borrow()
	defer b.Release()
	Dbg(out, b.Get())

	_, err := v.TryBorrowMut() // refused while b lasts
	Dbg(out, err != nil)
}
