package book

import (
	"context"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
)

// LazyInit computes a value when it is first asked for and finds it stored ever
// after. Two threads that come first together would both compute it: a waste, but
// no harm, as they would store the same.
func LazyInit(ctx context.Context, _ io.Reader, out *Stdout) {
	calculateX := func() uint64 {
		sleep(ctx, time.Second)
		return 123
	}
	var stored atomic.Uint64
	getX := func() uint64 {
		x := stored.Load(atomic.Relaxed)
		if x == 0 {
			x = calculateX()
			stored.Store(x, atomic.Relaxed)
		}
		return x
	}

	Dbg(out, getX()) // takes a second
	Dbg(out, getX()) // takes no time
}
