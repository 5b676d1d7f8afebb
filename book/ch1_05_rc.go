package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/rc"
)

// Rc makes a second owner of one value: the clone is a second owner, not a second
// value. With the last owner's Drop the value is dropped. An Rc stays in one thread.
func Rc(_ context.Context, _ io.Reader, out *Stdout) {
	a := rc.New([...]int{1, 2, 3})
	b := a.Clone()

	Dbg(out, a.Ptr() == b.Ptr()) // the same allocation
	Dbg(out, a.StrongCount())

	b.Drop()
	Dbg(out, a.StrongCount())
	a.Drop()
}
