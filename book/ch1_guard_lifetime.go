package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// GuardLifetime holds a lock for longer than it needs to. In Rust the guard in the
// head of an "if let" lives to the end of the block; in Go a deferred Unlock waits
// for the end of the function. With and its function's end make the end visible.
func GuardLifetime(_ context.Context, _ io.Reader, out *Stdout) {
	list := lock.NewMutex([]string{"first item", "second item"})

	// process takes long; meanwhile somebody else wants the list.
	process := func(item string) {
		thread.Scope(func(s *thread.ScopeHandle) { //fearless:ignore held it shows what comes of that
			s.Go(func() {
				guard, err := list.TryLock()
				if err != nil {
					fmt.Fprintf(out, "while the %s is processed, the list is locked\n", item)
					return
				}
				guard.Unlock()
				fmt.Fprintf(out, "while the %s is processed, the list is free\n", item)
			})
		})
	}

	tooLong := func() {
		guard := list.Lock()
		defer guard.Unlock() // not before process has returned
		if item, ok := popFront(guard.Ptr()); ok {
			process(item)
		}
	}
	tooLong()

	justLongEnough := func() {
		var item string
		var ok bool
		list.With(func(l *[]string) { item, ok = popFront(l) })
		if ok {
			process(item)
		}
	}
	justLongEnough()
}
