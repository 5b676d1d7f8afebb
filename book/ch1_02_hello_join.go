package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/thread"
)

// HelloJoin is [Hello] with the two lines that were missing: Join waits for a
// thread, so all of both threads' output is there before main ends.
func HelloJoin(_ context.Context, _ io.Reader, out *Stdout) {
	f := func() {
		fmt.Fprintln(out, "Hello from another thread!")

		id := thread.Current().ID()
		fmt.Fprintf(out, "This is my thread id: %v\n", id)
	}

	t1 := thread.Go(f)
	t2 := thread.Go(f)

	fmt.Fprintln(out, "Hello from the main thread.")

	unwrap(t1.Join())
	unwrap(t2.Join())
}
