package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// IDAllocationSubtractBeforePanic takes its count back before it panics. Right in
// practice: to overflow the counter, four billion threads would have to stand
// between the two steps at once.
func IDAllocationSubtractBeforePanic(_ context.Context, _ io.Reader, out *Stdout) {
	var nextID atomic.Uint32
	allocateNewID := func() uint32 {
		id := nextID.FetchAdd(1, atomic.Relaxed)
		if id >= 1000 {
			nextID.FetchSub(1, atomic.Relaxed)
			panic("too many IDs!")
		}
		return id
	}

	Dbg(out, allocateNewID()) // 0
	Dbg(out, allocateNewID()) // 1
	Dbg(out, allocateNewID()) // 2

	// More threads than ids: each of the others is refused.
	var refused atomic.Uint32
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 4 {
			s.Go(func() {
				for range 500 {
					if catchUnwind(func() { allocateNewID() }) != nil {
						refused.FetchAdd(1, atomic.Relaxed)
					}
				}
			})
		}
	})
	Dbg(out, refused.Load(atomic.Relaxed))
	Dbg(out, nextID.Load(atomic.Relaxed))
}
