//go:build !fearless_model

package word

import "sync/atomic"

// Narrow is an atomic integer of 8 or 16 bits in a cell of 32, because
// sync/atomic has no smaller one. Only the low bits of the cell are the value:
// an addition carries into the others, and no operation looks at them.
type Narrow[T uint8 | uint16] struct {
	_    [0]atomic.Uint32
	cell uint32
}

// Init sets the value of a word that no other thread knows yet.
func (w *Narrow[T]) Init(v T) { atomic.StoreUint32(&w.cell, uint32(v)) }

// Load returns the value.
func (w *Narrow[T]) Load(Order) T { return T(atomic.LoadUint32(&w.cell)) }

// Store sets the value to v.
func (w *Narrow[T]) Store(v T, _ Order) { atomic.StoreUint32(&w.cell, uint32(v)) }

// Swap sets the value to v and returns the previous one.
func (w *Narrow[T]) Swap(v T, _ Order) T { return T(atomic.SwapUint32(&w.cell, uint32(v))) }

// FetchAdd adds delta, wrapping, and returns the previous value.
func (w *Narrow[T]) FetchAdd(delta T, _ Order) T {
	return T(atomic.AddUint32(&w.cell, uint32(delta))) - delta
}

// FetchAnd stores the bitwise AND of the value and mask and returns the previous value.
func (w *Narrow[T]) FetchAnd(mask T, _ Order) T { return T(atomic.AndUint32(&w.cell, uint32(mask))) }

// FetchOr stores the bitwise OR of the value and mask and returns the previous value.
func (w *Narrow[T]) FetchOr(mask T, _ Order) T { return T(atomic.OrUint32(&w.cell, uint32(mask))) }

// FetchXor stores the bitwise exclusive OR of the value and mask and returns the previous value.
func (w *Narrow[T]) FetchXor(mask T, _ Order) T {
	for {
		cell := atomic.LoadUint32(&w.cell)
		if atomic.CompareAndSwapUint32(&w.cell, cell, cell^uint32(mask)) {
			return T(cell)
		}
	}
}

// FetchNand stores the complement of the bitwise AND of the value and mask and returns the previous value.
func (w *Narrow[T]) FetchNand(mask T, _ Order) T {
	for {
		cell := atomic.LoadUint32(&w.cell)
		if atomic.CompareAndSwapUint32(&w.cell, cell, ^(cell & uint32(mask))) {
			return T(cell)
		}
	}
}

// CompareExchange replaces current by new. It returns the previous value and
// whether that was current.
func (w *Narrow[T]) CompareExchange(current, new T, _, _ Order) (T, bool) {
	for {
		cell := atomic.LoadUint32(&w.cell)
		ok := T(cell) == current
		if !ok || atomic.CompareAndSwapUint32(&w.cell, cell, uint32(new)) {
			return T(cell), ok
		}
	}
}

// CompareExchangeWeak is CompareExchange, but it may fail when the value is current.
func (w *Narrow[T]) CompareExchangeWeak(current, new T, _, _ Order) (T, bool) {
	cell := atomic.LoadUint32(&w.cell)
	return T(cell), T(cell) == current && atomic.CompareAndSwapUint32(&w.cell, cell, uint32(new))
}

// CompareAndSwapWeak replaces current by new, SeqCst, and reports whether it
// did. It may fail when the value is current. It takes no orderings, for which
// the inliner would charge its callers too much.
func (w *Narrow[T]) CompareAndSwapWeak(current, new T) bool {
	cell := atomic.LoadUint32(&w.cell)
	return T(cell) == current && atomic.CompareAndSwapUint32(&w.cell, cell, uint32(new))
}

// Modify stores f of the value, which is the change named with arg, as one
// read-modify-write, and returns the previous value. It may call f more than once.
func (w *Narrow[T]) Modify(f func(T) T, _ Change, _ T, _ Order) T {
	for {
		cell := atomic.LoadUint32(&w.cell)
		if atomic.CompareAndSwapUint32(&w.cell, cell, uint32(f(T(cell)))) {
			return T(cell)
		}
	}
}
