//go:build !fearless_model

package word

import "sync/atomic"

// Take is CompareAndSwap(0, 1, Acquire, Relaxed), the first step of a lock's
// fast path, without the arguments, each of which the inliner counts.
func (w *Uint32) Take() bool { return atomic.CompareAndSwapUint32(&w.cell, 0, 1) }
