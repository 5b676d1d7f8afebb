package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// IDAllocationWithoutOverflow looks before it counts: compare-and-exchange stores
// the next id only if this one was still free and below the limit, so the counter
// never passes 1000. FetchUpdate is the same loop, ready made.
func IDAllocationWithoutOverflow(_ context.Context, _ io.Reader, out *Stdout) {
	var nextID atomic.Uint32
	allocateNewID := func() uint32 {
		id := nextID.Load(atomic.Relaxed)
		for {
			if id >= 1000 {
				panic("too many IDs!")
			}
			found, ok := nextID.CompareExchangeWeak(id, id+1, atomic.Relaxed, atomic.Relaxed)
			if ok {
				return id
			}
			id = found
		}
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
