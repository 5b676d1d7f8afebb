//go:build fearless_model

package word

import (
	"sync/atomic"
	"unsafe"

	"github.com/fearless-go/fearless/internal/engine"
)

// Pointer is an atomic *T.
//
// The engine is not generic, so pointers pass through unsafe.Pointer. What it
// hands out is what was handed in for the same word, which only takes *T.
type Pointer[T any] struct {
	tag  engine.Tag
	cell atomic.Pointer[T]
}

func (w *Pointer[T]) thread() *engine.Thread {
	t := engine.Current()
	if t == nil {
		engine.CheckForeign(&w.tag)
	}
	return t
}

func (w *Pointer[T]) initial() unsafe.Pointer { return unsafe.Pointer(w.cell.Load()) }

// Init sets the pointer of a word that no other thread knows yet.
func (w *Pointer[T]) Init(v *T) { w.cell.Store(v) }

// Load returns the pointer.
func (w *Pointer[T]) Load(o Order) *T {
	if t := w.thread(); t != nil {
		return (*T)(t.LoadPointer(&w.tag, w.initial(), order(o)))
	}
	return w.cell.Load()
}

// Store sets the pointer to v.
func (w *Pointer[T]) Store(v *T, o Order) {
	if t := w.thread(); t != nil {
		t.StorePointer(&w.tag, w.initial(), unsafe.Pointer(v), order(o))
		return
	}
	w.cell.Store(v)
}

// Swap sets the pointer to v and returns the previous one.
func (w *Pointer[T]) Swap(v *T, o Order) *T {
	if t := w.thread(); t != nil {
		return (*T)(t.SwapPointer(&w.tag, w.initial(), unsafe.Pointer(v), order(o)))
	}
	return w.cell.Swap(v)
}

// CompareAndSwap replaces current by new and reports whether it did.
func (w *Pointer[T]) CompareAndSwap(current, new *T, success, failure Order) bool {
	_, ok := w.CompareExchange(current, new, success, failure)
	return ok
}

// CompareExchange replaces current by new. It returns the previous pointer and
// whether that was current.
func (w *Pointer[T]) CompareExchange(current, new *T, success, failure Order) (*T, bool) {
	return w.compareExchange(current, new, success, failure, false)
}

// CompareExchangeWeak is CompareExchange, but it may fail when the pointer is current.
func (w *Pointer[T]) CompareExchangeWeak(current, new *T, success, failure Order) (*T, bool) {
	return w.compareExchange(current, new, success, failure, true)
}

func (w *Pointer[T]) compareExchange(current, new *T, success, failure Order, weak bool) (*T, bool) {
	if t := w.thread(); t != nil {
		old, ok := t.CompareExchangePointer(&w.tag, w.initial(), unsafe.Pointer(current), unsafe.Pointer(new),
			order(success), order(failure), weak)
		return (*T)(old), ok
	}
	for {
		if w.cell.CompareAndSwap(current, new) {
			return current, true
		}
		if previous := w.cell.Load(); previous != current {
			return previous, false
		}
	}
}
