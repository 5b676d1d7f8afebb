//go:build !fearless_model

package word

import "sync/atomic"

// vacant is the state in which a lock is taken by one swap: 0, or, while package
// watch wants to be told of every lock, a state that no lock has. To read it
// instead of a constant costs nothing that can be measured.
var vacant struct {
	_     [64]byte // nothing that is written shares its cache line
	state uint32
	_     [64]byte
}

// SetVacant makes every Take and Enter fail, or work again.
func SetVacant(never bool) {
	if never {
		atomic.StoreUint32(&vacant.state, 1<<30|1)
		return
	}
	atomic.StoreUint32(&vacant.state, 0)
}

// Take is CompareAndSwap(0, 1, Acquire, Relaxed), the first step of a lock's
// fast path, without the arguments, each of which the inliner counts. It may fail
// for no reason.
func (w *Uint32) Take() bool {
	return atomic.CompareAndSwapUint32(&w.cell, atomic.LoadUint32(&vacant.state), 1)
}

// Enter is Take for a lock that counts: it replaces 0 by n. It looks before it
// swaps, because a swap that fails takes the cache line from others all the same.
func (w *Uint32) Enter(n uint32) bool {
	return atomic.LoadUint32(&w.cell) == atomic.LoadUint32(&vacant.state) && atomic.CompareAndSwapUint32(&w.cell, 0, n)
}

// Leave is FetchAdd(delta, Release), the end of a lock's fast path. It reports
// whether that left 0.
func (w *Uint32) Leave(delta uint32) bool { return atomic.AddUint32(&w.cell, delta) == 0 }

// TakeSpin is CompareAndSwap(0, 1, Acquire, Relaxed); to the model it and Take are
// two things.
func (w *Uint32) TakeSpin() bool { return atomic.CompareAndSwapUint32(&w.cell, 0, 1) }
