package arc

import (
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/internal/ownership"
)

// A Weak refers to a value that Arcs own, without keeping it alive: a parent
// owns its children by Arc, and the child knows its parent by Weak. The way to
// the value is Upgrade. The zero Weak refers to nothing.
//
// A Weak is passed on, cloned and dropped as an [Arc] is, with the same
// checks. Weaks that are not dropped do no harm but to GetMut, which must
// assume that they are used, and to WeakCount.
type Weak[T any] struct {
	h ownership.Handle[T, shared[T]]
}

// Upgrade returns a new owner of the value, or false if the last one has
// dropped it already. A value that was dropped never comes back.
func (w Weak[T]) Upgrade() (Arc[T], bool) {
	if w.h.IsZero() {
		return Arc[T]{}, false
	}
	s := w.h.Use(&weaks, "Upgrade")
	n := s.strong.n.Load(atomic.Relaxed)
	for n > 0 {
		if n > ownership.MaxOwners {
			s.abort()
		}
		// Acquire, for NewCyclic, whose value may be younger than this Weak.
		found, ok := s.strong.n.CompareExchangeWeak(n, n+1, atomic.Acquire, atomic.Relaxed)
		if ok {
			return Arc[T]{ownership.Another[T](&arcs, w.h, s)}, true
		}
		n = found
	}
	return Arc[T]{}, false
}

// Clone returns a new Weak of the same value. If there are more than MaxInt/2
// Weaks, the process ends with a message on standard error.
func (w Weak[T]) Clone() Weak[T] {
	if w.h.IsZero() {
		return w
	}
	s := w.h.Use(&weaks, "Clone")
	// This Weak is counted, so GetMut cannot have locked the counter.
	switch n := s.weak.add(); {
	case n > ownership.MaxOwners:
		s.abort()
	case n < 1:
		s.weak.sub()
		w.h.Fail(&weaks, "Clone")
	}
	return Weak[T]{ownership.Another[T](&weaks, w.h, s)}
}

// Drop ends this Weak.
func (w *Weak[T]) Drop() {
	if w.h.IsZero() {
		w.h.Leave()
		return
	}
	s := w.h.End(&weaks, "Drop")
	if s.weak.sub() < 1 {
		s.weak.add()
		w.h.Fail(&weaks, "Drop")
	}
}

// StrongCount returns the number of Arcs that own the value, 0 if it is gone.
func (w Weak[T]) StrongCount() int {
	if w.h.IsZero() {
		return 0
	}
	return w.h.Use(&weaks, "StrongCount").strong.n.Load(atomic.Relaxed)
}

// WeakCount returns the number of Weaks of the value, this one included, and
// 0 for the zero Weak.
func (w Weak[T]) WeakCount() int {
	if w.h.IsZero() {
		return 0
	}
	return w.h.Use(&weaks, "WeakCount").weak.n.Load(atomic.Relaxed)
}

// PtrEq reports whether w and v refer to the same value; all zero Weaks do.
func (w Weak[T]) PtrEq(v Weak[T]) bool {
	if w.h.IsZero() || v.h.IsZero() {
		return w.h.IsZero() && v.h.IsZero()
	}
	return w.h.Use(&weaks, "PtrEq") == v.h.Use(&weaks, "PtrEq")
}
