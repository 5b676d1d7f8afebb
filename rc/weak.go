package rc

import (
	"github.com/fearless-go/fearless/internal/ownership"
	"github.com/fearless-go/fearless/marker"
)

// A Weak refers to a value that Rcs own, without keeping it alive: a parent
// owns its children by Rc, and the child knows its parent by Weak. The way to
// the value is Upgrade. The zero Weak refers to nothing.
//
// A Weak is passed on, cloned and dropped as an [Rc] is, with the same
// checks. Weaks that are not dropped do no harm but to GetMut, which must
// assume that they are used, and to WeakCount.
type Weak[T any] struct {
	_ marker.NoSend
	_ marker.NoSync
	h ownership.Handle[T, shared[T]]
}

// Upgrade returns a new owner of the value, or false if the last one has
// dropped it already. A value that was dropped never comes back.
func (w Weak[T]) Upgrade() (Rc[T], bool) {
	if w.h.IsZero() {
		return Rc[T]{}, false
	}
	s := w.h.Use(&weaks, "Upgrade")
	if s.strong < 1 {
		return Rc[T]{}, false
	}
	if s.strong > ownership.MaxOwners {
		s.abort()
	}
	s.strong++
	return Rc[T]{h: ownership.Another[T](&rcs, w.h, s)}, true
}

// Clone returns a new Weak of the same value. If there are more than MaxInt/2
// Weaks, the process ends with a message on standard error.
func (w Weak[T]) Clone() Weak[T] {
	if w.h.IsZero() {
		return w
	}
	s := w.h.Use(&weaks, "Clone")
	if s.weak < 1 {
		w.h.Fail(&weaks, "Clone")
	}
	s.addWeak()
	return Weak[T]{h: ownership.Another[T](&weaks, w.h, s)}
}

// Drop ends this Weak.
func (w *Weak[T]) Drop() {
	if w.h.IsZero() {
		w.h.Leave()
		return
	}
	s := w.h.End(&weaks, "Drop")
	if s.weak < 1 {
		w.h.Fail(&weaks, "Drop")
	}
	s.weak--
}

// StrongCount returns the number of Rcs that own the value, 0 if it is gone.
func (w Weak[T]) StrongCount() int {
	if w.h.IsZero() {
		return 0
	}
	return w.h.Use(&weaks, "StrongCount").strong
}

// WeakCount returns the number of Weaks of the value, this one included, and
// 0 for the zero Weak.
func (w Weak[T]) WeakCount() int {
	if w.h.IsZero() {
		return 0
	}
	return w.h.Use(&weaks, "WeakCount").weak
}

// PtrEq reports whether w and v refer to the same value; all zero Weaks do.
func (w Weak[T]) PtrEq(v Weak[T]) bool {
	if w.h.IsZero() || v.h.IsZero() {
		return w.h.IsZero() && v.h.IsZero()
	}
	return w.h.Use(&weaks, "PtrEq") == v.h.Use(&weaks, "PtrEq")
}
