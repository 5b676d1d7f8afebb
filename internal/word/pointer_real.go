//go:build !fearless_model

package word

import (
	"sync/atomic"
	"unsafe"
)

// Pointer is an atomic *T.
//
// The cell is not an atomic.Pointer, because a Load of that one costs twice as much
// of the inliner's budget. Its type lends vet's check for copies, and keeps a
// Pointer[T] from being converted to a Pointer of something else.
type Pointer[T any] struct {
	_    [0]atomic.Pointer[T]
	cell unsafe.Pointer // a *T
}

// Init sets the pointer of a word that no other thread knows yet.
func (w *Pointer[T]) Init(v *T) { atomic.StorePointer(&w.cell, unsafe.Pointer(v)) }

// Load returns the pointer.
func (w *Pointer[T]) Load(Order) *T { return (*T)(atomic.LoadPointer(&w.cell)) }

// Store sets the pointer to v.
func (w *Pointer[T]) Store(v *T, _ Order) { atomic.StorePointer(&w.cell, unsafe.Pointer(v)) }

// Swap sets the pointer to v and returns the previous one.
func (w *Pointer[T]) Swap(v *T, _ Order) *T {
	return (*T)(atomic.SwapPointer(&w.cell, unsafe.Pointer(v)))
}

// CompareAndSwap replaces current by new and reports whether it did.
func (w *Pointer[T]) CompareAndSwap(current, new *T, _, _ Order) bool {
	return atomic.CompareAndSwapPointer(&w.cell, unsafe.Pointer(current), unsafe.Pointer(new))
}

// CompareExchange replaces current by new. It returns the previous pointer and
// whether that was current.
func (w *Pointer[T]) CompareExchange(current, new *T, _, _ Order) (*T, bool) {
	for {
		if atomic.CompareAndSwapPointer(&w.cell, unsafe.Pointer(current), unsafe.Pointer(new)) {
			return current, true
		}
		if previous := (*T)(atomic.LoadPointer(&w.cell)); previous != current {
			return previous, false
		}
	}
}

// CompareExchangeWeak is CompareExchange, but it may fail when the pointer is current.
func (w *Pointer[T]) CompareExchangeWeak(current, new *T, _, _ Order) (*T, bool) {
	if atomic.CompareAndSwapPointer(&w.cell, unsafe.Pointer(current), unsafe.Pointer(new)) {
		return current, true
	}
	return (*T)(atomic.LoadPointer(&w.cell)), false
}
