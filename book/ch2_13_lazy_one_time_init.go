package book

import (
	"context"
	"io"
	"math/rand/v2"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// LazyOneTimeInit makes a random key when it is first asked for one. Threads that
// come first together may all make one, but compare-and-exchange lets only one be
// stored, and that is the key that all of them return.
func LazyOneTimeInit(_ context.Context, _ io.Reader, out *Stdout) {
	generateRandomKey := func() uint64 {
		return rand.Uint64() | 1 // zero means that there is none yet
	}
	var stored atomic.Uint64
	getKey := func() uint64 {
		key := stored.Load(atomic.Relaxed)
		if key != 0 {
			return key
		}
		newKey := generateRandomKey()
		if found, ok := stored.CompareExchange(0, newKey, atomic.Relaxed, atomic.Relaxed); !ok {
			return found
		}
		return newKey
	}

	// Three threads that ask at the same time.
	start := lock.NewBarrier(3)
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 3 {
			s.Go(func() {
				start.Wait()
				Dbg(out, getKey())
			})
		}
	})
}
