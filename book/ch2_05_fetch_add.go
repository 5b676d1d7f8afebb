package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/atomic"
)

// FetchAdd adds in one step that no other thread can get into, and returns what
// was there before.
func FetchAdd(_ context.Context, _ io.Reader, out *Stdout) {
	a := atomic.NewInt32(100)
	b := a.FetchAdd(23, atomic.Relaxed)
	c := a.Load(atomic.Relaxed)

	Dbg(out, b)
	Dbg(out, c)
}
