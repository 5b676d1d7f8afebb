package book

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/fearless-go/fearless/atomic"
)

// IDAllocation hands out numbers by FetchAdd. FetchAdd wraps: behind the last of
// the 2³² numbers comes zero, and an id that is in use is handed out again.
func IDAllocation(ctx context.Context, _ io.Reader, out *Stdout) {
	var nextID atomic.Uint32
	// This version is wrong.
	allocateNewID := func() uint32 {
		return nextID.FetchAdd(1, atomic.Relaxed)
	}

	Dbg(out, allocateNewID()) // 0
	Dbg(out, allocateNewID()) // 1
	Dbg(out, allocateNewID()) // 2

	fmt.Fprintln(out, "overflowing the counter...")
	nextID.FetchAdd(Dbg(out, skipped(ctx)), atomic.Relaxed)
	for allocateNewID() != math.MaxUint32 {
		if ctx.Err() != nil {
			return
		}
	}

	fmt.Fprintln(out, "overflowed!")

	Dbg(out, allocateNewID()) // zero again!
}
