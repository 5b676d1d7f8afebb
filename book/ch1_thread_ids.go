package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/thread"
)

// ThreadIDs compares what threads are known by. An id is never given twice, also
// when its thread has ended; a thread knows its own, and who started it knows it
// by the handle.
func ThreadIDs(_ context.Context, _ io.Reader, out *Stdout) {
	me := thread.Current().ID()

	first := thread.Spawn(func() thread.ThreadID { return thread.Current().ID() })
	known := first.Thread().ID()
	told := unwrap(first.Join())
	fmt.Fprintln(out, "the handle and the thread agree:", known == told)
	fmt.Fprintln(out, "it is another one than mine:", told != me)

	second := thread.Spawn(func() thread.ThreadID { return thread.Current().ID() })
	fmt.Fprintln(out, "the id of one that has ended comes again:", unwrap(second.Join()) == told)
}
