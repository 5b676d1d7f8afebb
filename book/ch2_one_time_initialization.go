package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// OneTimeInitialization has four threads ask at once for what only one may make.
// Unlike in [LazyOneTimeInit] the others wait for it, so that it is made once: by a
// Once, in a OnceLock with the first caller's function, in a LazyLock with its own.
func OneTimeInitialization(ctx context.Context, _ io.Reader, out *Stdout) {
	var made [3]atomic.Uint
	slowly := func(i int) string {
		made[i].FetchAdd(1, atomic.Relaxed)
		sleep(ctx, time.Second)
		return "the value"
	}

	var once lock.Once
	var onceLock lock.OnceLock[string]
	lazyLock := lock.NewLazyLock(func() string { return slowly(2) })

	thread.Scope(func(s *thread.ScopeHandle) {
		for range 4 {
			s.Go(func() {
				once.Do(func() { slowly(0) })
				fromOnceLock := onceLock.GetOrInit(func() string { return slowly(1) })
				fmt.Fprintln(out, once.IsCompleted(), fromOnceLock, lazyLock.Get())
			})
		}
	})

	for i, name := range []string{"Once", "OnceLock", "LazyLock"} {
		fmt.Fprintf(out, "%s: ran %d time for 4 threads\n", name, made[i].Load(atomic.Relaxed))
	}
}
