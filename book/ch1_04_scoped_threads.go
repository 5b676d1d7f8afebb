package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/thread"
)

// ScopedThreads lets two threads read what the main thread owns. The scope joins
// them before it returns, so behind it numbers is the main thread's alone again.
func ScopedThreads(_ context.Context, _ io.Reader, out *Stdout) {
	numbers := []int{1, 2, 3}

	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			fmt.Fprintf(out, "length: %d\n", len(numbers))
		})
		s.Go(func() {
			for _, n := range numbers {
				fmt.Fprintln(out, n)
			}
		})
	})
}
