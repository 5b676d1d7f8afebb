package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/lock"
)

// LockInOneStatement locks, uses and unlocks in one statement. Rust drops a guard
// that has no name at the end of its statement. Go drops nothing, so With and
// WithResult are that statement here; a guard without a name stays locked.
func LockInOneStatement(_ context.Context, _ io.Reader, out *Stdout) {
	list := lock.NewMutex([]int{1, 2})

	list.With(func(l *[]int) { *l = append(*l, 3) })
	length := unwrap(lock.WithResult(list, func(l *[]int) (int, error) { return len(*l), nil }))
	fmt.Fprintln(out, "length:", length)

	locked := func() bool {
		guard, err := list.TryLock()
		if err == nil {
			guard.Unlock()
		}
		return err != nil
	}
	fmt.Fprintln(out, "locked after With:", locked())
	fmt.Fprintln(out, "first item:", list.Lock().Get()[0]) //fearless:ignore guard it shows what comes of that
	fmt.Fprintln(out, "locked after a guard without a name:", locked())
}
