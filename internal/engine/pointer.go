package engine

import "unsafe"

// LoadPointer, StorePointer, SwapPointer and CompareExchangePointer are the
// operations on a word that holds a pointer.
func (t *Thread) LoadPointer(at *Tag, init unsafe.Pointer, o Order) unsafe.Pointer {
	return t.e.pointer(t.load(at, t.e.handleOf(init), o, true))
}

// StorePointer writes a pointer.
func (t *Thread) StorePointer(at *Tag, init, v unsafe.Pointer, o Order) {
	t.store(at, t.e.handleOf(init), t.e.handleOf(v), o, true)
}

// SwapPointer writes a pointer and returns what was there.
func (t *Thread) SwapPointer(at *Tag, init, v unsafe.Pointer, o Order) unsafe.Pointer {
	old, _ := t.Update(at, t.e.handleOf(init), &Update{Op: OpSwap, Arg: t.e.handleOf(v), Order: o, Pointer: true})
	return t.e.pointer(old)
}

// CompareExchangePointer writes v where it finds expected.
func (t *Thread) CompareExchangePointer(at *Tag, init, expected, v unsafe.Pointer, success, failure Order, weak bool) (unsafe.Pointer, bool) {
	old, done := t.Update(at, t.e.handleOf(init), &Update{
		Op: OpCAS, Expected: t.e.handleOf(expected), Arg: t.e.handleOf(v), Order: success, Fail: failure, Pointer: true, Weak: weak,
	})
	return t.e.pointer(old), done
}
