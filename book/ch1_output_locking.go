package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// OutputLocking holds the output for several lines, which come out in one piece.
// The thread that holds it may lock it again, as every print inside does. A line by
// itself is whole without any lock.
func OutputLocking(ctx context.Context, _ io.Reader, out *Stdout) {
	report := func(name string) {
		l := out.Lock()
		defer l.Unlock()
		for step := 1; step <= 3; step++ {
			fmt.Fprintf(out, "%s: step %d of 3\n", name, step) // locks it a second time
			sleep(ctx, 100*time.Millisecond)
		}
	}

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { report("first thread") })
		s.Go(func() { report("second thread") })
	})

	// Dbg tells the place, the expression and the value, and returns the value.
	width := 2 * Dbg(out, len("twelve words"))
	Dbg(out, width+1)
}
