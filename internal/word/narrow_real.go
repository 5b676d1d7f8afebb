//go:build !fearless_model

package word

import "sync/atomic"

// Narrow is an atomic integer of 8 or 16 bits in a cell of 32, because
// sync/atomic has no smaller one. Only the low bits of the cell are the value:
// an addition carries into the others, and no operation looks at them.
type Narrow[T uint8 | uint16] struct{ cell atomic.Uint32 }

// Init sets the value of a word that no other thread knows yet.
func (w *Narrow[T]) Init(v T) { w.cell.Store(uint32(v)) }

// Load returns the value.
func (w *Narrow[T]) Load(Order) T { return T(w.cell.Load()) }

// Store sets the value to v.
func (w *Narrow[T]) Store(v T, _ Order) { w.cell.Store(uint32(v)) }

// Swap sets the value to v and returns the previous one.
func (w *Narrow[T]) Swap(v T, _ Order) T { return T(w.cell.Swap(uint32(v))) }

// FetchAdd adds delta, wrapping, and returns the previous value.
func (w *Narrow[T]) FetchAdd(delta T, _ Order) T { return T(w.cell.Add(uint32(delta))) - delta }

// FetchAnd stores the bitwise AND of the value and mask and returns the previous value.
func (w *Narrow[T]) FetchAnd(mask T, _ Order) T { return T(w.cell.And(uint32(mask))) }

// FetchOr stores the bitwise OR of the value and mask and returns the previous value.
func (w *Narrow[T]) FetchOr(mask T, _ Order) T { return T(w.cell.Or(uint32(mask))) }

// CompareExchange replaces current by new. It returns the previous value and
// whether that was current.
func (w *Narrow[T]) CompareExchange(current, new T, _, _ Order) (T, bool) {
	for {
		cell := w.cell.Load()
		ok := T(cell) == current
		if !ok || w.cell.CompareAndSwap(cell, uint32(new)) {
			return T(cell), ok
		}
	}
}

// CompareExchangeWeak is CompareExchange, but it may fail when the value is current.
func (w *Narrow[T]) CompareExchangeWeak(current, new T, _, _ Order) (T, bool) {
	cell := w.cell.Load()
	return T(cell), T(cell) == current && w.cell.CompareAndSwap(cell, uint32(new))
}

// Modify stores f of the value, as one read-modify-write, and returns the
// previous value. It may call f more than once.
func (w *Narrow[T]) Modify(f func(T) T, _ Order) T {
	for {
		cell := w.cell.Load()
		if w.cell.CompareAndSwap(cell, uint32(f(T(cell)))) {
			return T(cell)
		}
	}
}
