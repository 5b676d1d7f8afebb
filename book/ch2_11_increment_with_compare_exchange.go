package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/atomic"
)

// IncrementWithCompareExchange builds an addition out of compare-and-exchange: load,
// compute, and store only if nobody has stored meanwhile, else begin again with what
// they have stored. Any operation on one value can be built so.
func IncrementWithCompareExchange(_ context.Context, _ io.Reader, out *Stdout) {
	increment := func(a *atomic.Uint32) {
		current := a.Load(atomic.Relaxed)
		for {
			found, ok := a.CompareExchange(current, current+1, atomic.Relaxed, atomic.Relaxed)
			if ok {
				return
			}
			current = found
		}
	}

	var a atomic.Uint32
	increment(&a)
	increment(&a)
	Dbg(out, a.Load(atomic.Relaxed))
}
