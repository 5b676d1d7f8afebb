//go:build fearless_model

package word

import (
	"sync/atomic"
	"unsafe"

	"github.com/fearless-go/fearless/internal/engine"
)

// Real is whether this is the default build, where words are sync/atomic's.
const Real = false

// In this build a word is an event of the engine when a modelled thread uses
// it, and does what the default build does when any other goroutine does. The
// engine keeps the values of an execution; cell is what the word holds outside,
// and with what every execution begins.

type (
	// Uint32 is an atomic uint32.
	Uint32 = number[uint32]
	// Uint64 is an atomic uint64.
	Uint64 = number[uint64]
	// Uintptr is an atomic uintptr.
	Uintptr = number[uintptr]
	// Narrow is an atomic integer of 8 or 16 bits.
	Narrow[T uint8 | uint16] = number[T]
)

type number[T uint8 | uint16 | uint32 | uint64 | uintptr] struct {
	tag  engine.Tag
	cell atomic.Uint64
}

func order(o Order) engine.Order { return engine.Order(o) + engine.Relaxed }

func width[T any]() uint8 {
	var v T
	return uint8(unsafe.Sizeof(v) * 8)
}

// thread is the modelled thread that calls, or nil.
func (w *number[T]) thread() *engine.Thread {
	t := engine.Current()
	if t == nil {
		engine.CheckForeign(&w.tag)
	}
	return t
}

// Init sets the value of a word that no other thread knows yet.
func (w *number[T]) Init(v T) { w.cell.Store(uint64(v)) }

// Load returns the value.
func (w *number[T]) Load(o Order) T {
	if t := engine.Current(); t != nil {
		return T(t.Load(&w.tag, w.cell.Load(), order(o)))
	}
	engine.CheckForeign(&w.tag)
	return T(w.cell.Load())
}

// Store sets the value to v.
func (w *number[T]) Store(v T, o Order) {
	if t := engine.Current(); t != nil {
		t.Store(&w.tag, w.cell.Load(), uint64(v), order(o))
		return
	}
	engine.CheckForeign(&w.tag)
	w.cell.Store(uint64(v))
}

// fetch performs op in the model, or f outside of it.
func (w *number[T]) fetch(op engine.Op, arg T, o Order, f func(T) T) T {
	if t := engine.Current(); t != nil {
		return T(t.Fetch(&w.tag, w.cell.Load(), op, uint64(arg), order(o), width[T]()))
	}
	return w.outside(f)
}

// outside stores f of the value, where the caller is no modelled thread.
func (w *number[T]) outside(f func(T) T) T {
	engine.CheckForeign(&w.tag)
	for {
		old := w.cell.Load()
		if w.cell.CompareAndSwap(old, uint64(f(T(old)))) {
			return T(old)
		}
	}
}

// Swap sets the value to v and returns the previous one.
func (w *number[T]) Swap(v T, o Order) T {
	return w.fetch(engine.OpSwap, v, o, func(T) T { return v })
}

// FetchAdd adds delta, wrapping, and returns the previous value.
func (w *number[T]) FetchAdd(delta T, o Order) T {
	return w.fetch(engine.OpAdd, delta, o, func(p T) T { return p + delta })
}

// FetchAnd stores the bitwise AND of the value and mask and returns the previous value.
func (w *number[T]) FetchAnd(mask T, o Order) T {
	return w.fetch(engine.OpAnd, mask, o, func(p T) T { return p & mask })
}

// FetchOr stores the bitwise OR of the value and mask and returns the previous value.
func (w *number[T]) FetchOr(mask T, o Order) T {
	return w.fetch(engine.OpOr, mask, o, func(p T) T { return p | mask })
}

// FetchXor stores the bitwise exclusive OR of the value and mask and returns the previous value.
func (w *number[T]) FetchXor(mask T, o Order) T {
	return w.fetch(engine.OpXor, mask, o, func(p T) T { return p ^ mask })
}

// FetchNand stores the complement of the bitwise AND of the value and mask and returns the previous value.
func (w *number[T]) FetchNand(mask T, o Order) T {
	return w.fetch(engine.OpNand, mask, o, func(p T) T { return ^(p & mask) })
}

// FetchNandBit stores the complement of the AND of the value and bit, which are 0 or 1,
// and returns the previous value.
func (w *number[T]) FetchNandBit(bit T, o Order) T {
	u := engine.Update{Op: engine.OpNand, Arg: uint64(bit), Order: order(o), Width: 1}
	return w.update(&u, func(p T) T { return 1 ^ p&bit })
}

// Modify stores f of the value, which is the change c with arg, as one
// read-modify-write, and returns the previous value.
func (w *number[T]) Modify(f func(T) T, c Change, arg T, o Order) T {
	u := engine.Update{Op: engine.OpMax, Arg: uint64(arg), Order: order(o), Width: width[T](), Signed: c >= SignedMax}
	if c == Min || c == SignedMin {
		u.Op = engine.OpMin
	}
	return w.update(&u, f)
}

// update performs u in the model, or f outside of it.
func (w *number[T]) update(u *engine.Update, f func(T) T) T {
	if t := engine.Current(); t != nil {
		old, _ := t.Update(&w.tag, w.cell.Load(), u)
		return T(old)
	}
	return w.outside(f)
}

func (w *number[T]) compareExchange(current, new T, success, failure Order, weak bool) (T, bool) {
	t := engine.Current()
	if t == nil {
		engine.CheckForeign(&w.tag)
		for {
			old := w.cell.Load()
			ok := T(old) == current
			if !ok || w.cell.CompareAndSwap(old, uint64(new)) {
				return T(old), ok
			}
		}
	}
	old, ok := t.CompareExchange(&w.tag, w.cell.Load(), uint64(current), uint64(new), order(success), order(failure), weak, width[T]())
	return T(old), ok
}

// CompareAndSwap replaces current by new and reports whether it did.
func (w *number[T]) CompareAndSwap(current, new T, success, failure Order) bool {
	_, ok := w.compareExchange(current, new, success, failure, false)
	return ok
}

// CompareAndSwapWeak is CompareAndSwap, SeqCst, but it may fail when the value is current.
func (w *number[T]) CompareAndSwapWeak(current, new T) bool {
	_, ok := w.compareExchange(current, new, SeqCst, SeqCst, true)
	return ok
}

// CompareExchange replaces current by new. It returns the previous value and
// whether that was current.
func (w *number[T]) CompareExchange(current, new T, success, failure Order) (T, bool) {
	return w.compareExchange(current, new, success, failure, false)
}

// CompareExchangeWeak is CompareExchange, but it may fail when the value is current.
func (w *number[T]) CompareExchangeWeak(current, new T, success, failure Order) (T, bool) {
	return w.compareExchange(current, new, success, failure, true)
}

// Fence orders the operations around it.
func Fence(o Order) {
	if t := engine.Current(); t != nil {
		t.Fence(order(o))
	}
}

// SpinLoop tells the engine that the caller is in a busy loop.
func SpinLoop() {
	if t := engine.Current(); t != nil {
		t.SpinLoop()
	}
}
