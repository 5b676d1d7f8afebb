package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/atomic"
)

// FetchUpdateInOneLine is [IDAllocationWithoutOverflow] without its loop: FetchUpdate
// tries again until nobody was in between, and does nothing when its function
// says so.
func FetchUpdateInOneLine(_ context.Context, _ io.Reader, out *Stdout) {
	const limit = 3
	var nextID atomic.Uint32
	allocateNewID := func() (id uint32, ok bool) {
		return nextID.FetchUpdate(atomic.Relaxed, atomic.Relaxed, func(n uint32) (uint32, bool) { return n + 1, n < limit })
	}

	for range limit {
		id, _ := allocateNewID()
		Dbg(out, id)
	}
	_, ok := allocateNewID()
	Dbg(out, ok)
	Dbg(out, nextID.Load(atomic.Relaxed))
}
