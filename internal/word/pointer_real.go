//go:build !fearless_model

package word

import "sync/atomic"

// Pointer is an atomic *T.
type Pointer[T any] struct{ cell atomic.Pointer[T] }

// Init sets the pointer of a word that no other thread knows yet.
func (w *Pointer[T]) Init(v *T) { w.cell.Store(v) }

// Load returns the pointer.
func (w *Pointer[T]) Load(Order) *T { return w.cell.Load() }

// Store sets the pointer to v.
func (w *Pointer[T]) Store(v *T, _ Order) { w.cell.Store(v) }

// Swap sets the pointer to v and returns the previous one.
func (w *Pointer[T]) Swap(v *T, _ Order) *T { return w.cell.Swap(v) }

// CompareAndSwap replaces current by new and reports whether it did.
func (w *Pointer[T]) CompareAndSwap(current, new *T, _, _ Order) bool {
	return w.cell.CompareAndSwap(current, new)
}

// CompareExchange replaces current by new. It returns the previous pointer and
// whether that was current.
func (w *Pointer[T]) CompareExchange(current, new *T, _, _ Order) (*T, bool) {
	for {
		if w.cell.CompareAndSwap(current, new) {
			return current, true
		}
		if previous := w.cell.Load(); previous != current {
			return previous, false
		}
	}
}

// CompareExchangeWeak is CompareExchange, but it may fail when the pointer is current.
func (w *Pointer[T]) CompareExchangeWeak(current, new *T, _, _ Order) (*T, bool) {
	if w.cell.CompareAndSwap(current, new) {
		return current, true
	}
	return w.cell.Load(), false
}
