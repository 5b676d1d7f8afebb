package arc

import (
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/ownership"
	"github.com/fearless-go/fearless/thread"
)

// shared is what the Arcs and Weaks of one value point to.
//
// The counters are those of chapter 6 of "Rust Atomics and Locks", except
// that Weaks are counted alone: they do not keep memory that somebody must
// free, the garbage collector does that.
type shared[T any] struct {
	strong counter // the Arcs; when it is 0 it stays 0, and v is gone
	weak   counter // the Weaks, or locked
	at     access.Location
	v      T
}

// locked is the weak counter while GetMut looks whether its Arc is alone.
const locked = -1

var (
	leaks ownership.LeakHook
	arcs  = ownership.Kind{Name: "Arc", Leaks: &leaks, Panic: misused}
	weaks = ownership.Kind{Name: "Weak", Leaks: &leaks, Panic: misused}
)

// take returns the value for good, to the one who brought strong to 0.
func (s *shared[T]) take() T {
	// What the other owners did before their Drop comes before this.
	atomic.Fence(atomic.Acquire)
	s.at.Write()
	v := s.v
	var zero T
	s.v = zero
	return v
}

// drop ends the value, for the one who brought strong to 0.
func (s *shared[T]) drop() {
	// What the other owners did before their Drop comes before this.
	atomic.Fence(atomic.Acquire)
	s.at.Write()
	ownership.DropValue(&s.v)
}

// addWeak counts one more Weak, if it may be that there was none before.
func (s *shared[T]) addWeak() {
	n := s.weak.n.Load(atomic.Relaxed)
	for {
		if n == locked {
			thread.YieldNow() // GetMut holds it for two instructions, or was preempted
			n = s.weak.n.Load(atomic.Relaxed)
			continue
		}
		if n > ownership.MaxOwners {
			s.abort()
		}
		// Acquire, for GetMut's unlocking: what the owner it found to be
		// alone did with the value comes before what this Weak leads to.
		found, ok := s.weak.n.CompareExchangeWeak(n, n+1, atomic.Acquire, atomic.Relaxed)
		if ok {
			return
		}
		n = found
	}
}
