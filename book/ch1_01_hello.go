package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/thread"
)

// Hello starts two threads and returns without waiting for them. With the end of
// main ends the program, so the threads' lines may be missing, whole or in part.
func Hello(_ context.Context, _ io.Reader, out *Stdout) {
	f := func() {
		fmt.Fprintln(out, "Hello from another thread!")

		id := thread.Current().ID()
		fmt.Fprintf(out, "This is my thread id: %v\n", id)
	}

	thread.Go(f) //fearless:ignore join it shows what comes of that
	thread.Go(f) //fearless:ignore join it shows what comes of that

	fmt.Fprintln(out, "Hello from the main thread.")
}
