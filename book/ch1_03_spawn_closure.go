package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/thread"
)

// SpawnClosure gives a thread a closure that has captured a slice. Go's collector
// keeps the slice for as long as the thread needs it, so nothing has to be moved.
func SpawnClosure(_ context.Context, _ io.Reader, out *Stdout) {
	numbers := []int{1, 2, 3}

	t := thread.Go(func() {
		for _, n := range numbers {
			fmt.Fprintln(out, n)
		}
	})
	unwrap(t.Join())
}
