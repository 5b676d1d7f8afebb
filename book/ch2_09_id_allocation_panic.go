package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/atomic"
)

// IDAllocationPanic refuses every id above 999 by a panic, but only after it has
// counted: callers who catch the panic and try again drive the counter past its
// end all the same.
func IDAllocationPanic(ctx context.Context, _ io.Reader, out *Stdout) {
	var nextID atomic.Uint32
	// This version is wrong.
	allocateNewID := func() uint32 {
		id := nextID.FetchAdd(1, atomic.Relaxed)
		if id >= 1000 {
			panic("too many IDs!")
		}
		return id
	}

	Dbg(out, allocateNewID()) // 0

	for range 999 {
		allocateNewID() // 1 to 999
	}
	Dbg(out, catchUnwind(func() { allocateNewID() }))

	fmt.Fprintln(out, "overflowing the counter...")
	nextID.FetchAdd(Dbg(out, skipped(ctx)), atomic.Relaxed)
	for nextID.Load(atomic.Relaxed) != 0 {
		if ctx.Err() != nil {
			return
		}
		catchUnwind(func() { allocateNewID() })
	}

	fmt.Fprintln(out, "overflowed!")

	Dbg(out, allocateNewID()) // zero again!
}
