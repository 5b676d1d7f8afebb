package book

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// MutexPoisoning has a thread panic in the middle of a change. The mutex is poisoned:
// whoever locks it next is told that the data may be half changed, gets it
// nevertheless, and can mend it.
func MutexPoisoning(_ context.Context, _ io.Reader, out *Stdout) {
	// The hook hears of every panic of a thread at once.
	thread.SetPanicHook(func(e *thread.PanicError) {
		fmt.Fprintf(out, "panic hook: %v\n", e.Value)
	})
	defer thread.SetPanicHook(nil)

	accounts := lock.NewMutex([2]int{50, 50}) // together always 100

	t := thread.Go(func() {
		guard := accounts.Lock()
		defer guard.Unlock()
		guard.Ptr()[0] -= 20
		panic("half way through the payment")
	})
	_, err := t.Join()
	var panicked *thread.PanicError
	Dbg(out, errors.As(err, &panicked))
	Dbg(out, accounts.IsPoisoned())

	guard, err := accounts.LockResult()
	var poisoned *lock.PoisonError
	if errors.As(err, &poisoned) {
		fmt.Fprintf(out, "locked, with a warning; the accounts have %v\n", guard.Get())
		guard.Ptr()[1] = 100 - guard.Ptr()[0]
		accounts.ClearPoison()
	}
	guard.Unlock()

	guard = accounts.Lock() // would panic if the mutex were still poisoned
	defer guard.Unlock()
	Dbg(out, guard.Get())
}
