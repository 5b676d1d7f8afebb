package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/thread"
)

// ArcClones shares one value between threads that each own it: every thread has a
// clone of the Arc, and the last to drop its clone, whichever that is, drops the
// value.
func ArcClones(_ context.Context, _ io.Reader, out *Stdout) {
	a := arc.New(announced{out, "the numbers"})
	Dbg(out, a.StrongCount())

	var threads []*thread.JoinHandle[thread.Void]
	for range 3 {
		b := a.Clone()
		threads = append(threads, thread.Go(func() {
			defer b.Drop()
			fmt.Fprintf(out, "one value? %v\n", b.PtrEq(a))
		}))
	}
	for _, t := range threads {
		unwrap(t.Join())
	}

	Dbg(out, a.StrongCount())
	a.Drop()
}
