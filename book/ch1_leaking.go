package book

import (
	"context"
	"fmt"
	"io"
	"path"
	"runtime"
	"time"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// Leaking never drops an owner. On purpose, that makes its value as lasting as a
// static: any thread may use it without a count. By mistake, it keeps open what
// should be closed; the leak hook tells which owner was forgotten.
func Leaking(ctx context.Context, _ io.Reader, out *Stdout) {
	lasting := arc.New([...]int{1, 2, 3})
	defer runtime.KeepAlive(lasting) // it is not the one that is forgotten
	numbers := lasting.Ptr()         // good for ever, as nobody will drop lasting
	t1 := thread.Go(func() { fmt.Fprintln(out, *numbers) })
	t2 := thread.Go(func() { fmt.Fprintln(out, *numbers) })
	unwrap(t1.Join())
	unwrap(t2.Join())

	var found atomic.Ptr[arc.Leak]
	arc.SetLeakHook(func(l arc.Leak) { found.Store(&l, atomic.Release) })
	defer arc.SetLeakHook(nil)

	forgetful(out)

	// The garbage collector notices after some time that nobody can drop it any more.
	for found.Load(atomic.Acquire) == nil && ctx.Err() == nil {
		runtime.GC()
		sleep(ctx, 100*time.Millisecond)
	}
	if leak := found.Load(atomic.Acquire); leak != nil {
		fmt.Fprintf(out, "leak hook: the %s made at %s was never dropped\n", leak.Type, path.Base(leak.Made))
	}
}

func forgetful(out *Stdout) {
	file := arc.New(announced{out, "the file"})
	fmt.Fprintf(out, "%s: in use\n", file.Ptr().name)
	// Here file.Drop() is missing, and so is the line that it would print.
}
