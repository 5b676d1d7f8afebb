//go:build !fearless_model

package word

import "sync/atomic"

// Take is CompareAndSwap(0, 1, Acquire, Relaxed), the first step of a lock's
// fast path, without the arguments, each of which the inliner counts.
func (w *Uint32) Take() bool { return atomic.CompareAndSwapUint32(&w.cell, 0, 1) }

// Enter is Take for a lock that counts: it replaces 0 by n. It looks before it
// swaps, because a swap that fails takes the cache line from others all the same.
func (w *Uint32) Enter(n uint32) bool {
	return atomic.LoadUint32(&w.cell) == 0 && atomic.CompareAndSwapUint32(&w.cell, 0, n)
}

// Leave is FetchAdd(delta, Release), the end of a lock's fast path. It reports
// whether that left 0.
func (w *Uint32) Leave(delta uint32) bool { return atomic.AddUint32(&w.cell, delta) == 0 }

// TakeSpin is Take; to the model they are two things.
func (w *Uint32) TakeSpin() bool { return atomic.CompareAndSwapUint32(&w.cell, 0, 1) }
