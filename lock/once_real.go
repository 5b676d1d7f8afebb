//go:build !fearless_model

package lock

import (
	"sync/atomic"
	"unsafe"

	"github.com/fearless-go/fearless/internal/goid"
	"github.com/fearless-go/fearless/internal/word"
)

// onceCore is what Once, OnceLock and LazyLock have in common: one word.
type onceCore struct {
	// done is nil if nobody has run or waited yet, and &onceDone once a function has
	// returned. In between it is the runs.
	done word.Pointer[onceRuns]
}

const _ = -unsafe.Offsetof(onceCore{}.done) // it is first

// A runner is who runs the function of a Once, by the number of its goroutine: a Thread
// is not made for that.
type runner uint64

func currentRunner() runner { return runner(goid.Get()) }

// isComplete is c.done.Load(word.Acquire) == &onceDone, past the type parameter of
// done, which costs so much of the inliner's budget that no Get would inline.
func (c *onceCore) isComplete() bool {
	return atomic.LoadPointer((*unsafe.Pointer)(unsafe.Pointer(c))) == unsafe.Pointer(&onceDone)
}

// runs returns the runs, made if need be, or nil if they are complete.
func (c *onceCore) runs() *onceRuns {
	r := c.done.Load(word.Acquire)
	if r == nil {
		r = new(onceRuns)
		if found, ok := c.done.CompareExchange(nil, r, word.Release, word.Acquire); !ok {
			r = found
		}
	}
	if r == &onceDone {
		return nil
	}
	return r
}

// isFresh reports whether nobody has run or waited yet.
func (c *onceCore) isFresh() bool { return c.done.Load(word.Acquire) == nil }

// setComplete makes a new c complete.
func (c *onceCore) setComplete() { c.done.Init(&onceDone) }

// clear makes a c that is complete, and that nobody else uses, fresh again.
func (c *onceCore) clear() { c.done.Store(nil, word.Release) }
