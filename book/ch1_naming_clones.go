package book

import (
	"context"
	"io"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/thread"
)

// NamingClones gives a thread's clone the name of the original, in a block or a
// parameter of its own. There are two owners and one name: the thread cannot take
// the original by mistake.
func NamingClones(_ context.Context, _ io.Reader, out *Stdout) {
	a := arc.New([...]int{1, 2, 3})

	var t *thread.JoinHandle[thread.Void]
	{
		a := a.Clone()
		t = thread.Go(func() {
			defer a.Drop()
			Dbg(out, a.Get()) // the clone
		})
	}

	Dbg(out, a.Get()) // the original
	unwrap(t.Join())
	a.Drop()
}
