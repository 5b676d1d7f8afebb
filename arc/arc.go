package arc

import (
	"reflect"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/internal/ownership"
)

// An Arc is one of the owners of a shared value, an "atomically reference
// counted" pointer. The owners may be on any threads. The value lives until
// the last of them calls Drop, which then runs the value's own Drop or Close.
//
// An Arc is small and may be passed on, stored and returned; that moves the
// ownership, as in Rust, and a copy is not an owner of its own. A new owner
// comes from Clone. Each owner calls Drop exactly once. After that, and on the
// zero Arc, any call panics with a [*UseAfterDropError].
//
// That is always found through the variable that was dropped. A call through
// another copy of it is found with -race and the build tags fearless_debug
// and fearless_model, and in any build while a hook of [SetLeakHook] is set;
// there a Clone allocates its record of about 200 bytes. Without them Clone
// and Drop allocate nothing, and a Drop too many through a copy is found when
// it makes the count of owners fall below zero.
type Arc[T any] struct {
	h ownership.Handle[T, shared[T]]
}

// New returns the first owner of v.
func New[T any](v T) Arc[T] {
	s := &shared[T]{v: v}
	s.at.Write()
	s.strong.n.Store(1, atomic.Relaxed)
	return Arc[T]{ownership.New[T](&arcs, s)}
}

// NewCyclic returns the first owner of f(w), where w is a Weak of that same
// value, so that it can refer to itself: f stores w.Clone() in it. Until f has
// returned, Upgrade of w and its clones finds nothing. w itself is dropped
// when f returns. If f panics, nothing is made.
func NewCyclic[T any](f func(w *Weak[T]) T) Arc[T] {
	s := new(shared[T])
	s.weak.n.Store(1, atomic.Relaxed)
	w := Weak[T]{ownership.New[T](&weaks, s)}
	defer w.Drop()
	s.v = f(&w)
	s.at.Write()
	// Release: a Weak that f gave to another thread finds v complete.
	s.strong.n.Store(1, atomic.Release)
	return Arc[T]{ownership.New[T](&arcs, s)}
}

// Clone returns a new owner of the same value. If there are more than
// MaxInt/2 owners, the process ends with a message on standard error.
func (a Arc[T]) Clone() Arc[T] {
	n := 0
	if s := a.h.Of; s != nil {
		if n = s.strong.add(); uint(n-1) < ownership.MaxOwners {
			return a
		}
	}
	return a.cloneSlow(n)
}

// cloneSlow is Clone if the handle is tracked, if it owns nothing, or if the
// count of owners, which is one more by now, was an impossible n.
func (a Arc[T]) cloneSlow(n int) Arc[T] {
	s := a.h.Use(&arcs, "Clone")
	if a.h.Of == nil {
		n = s.strong.add()
	}
	switch {
	case n > ownership.MaxOwners:
		s.abort()
	case n < 1:
		s.strong.sub()
		a.h.Fail(&arcs, "Clone")
	}
	return Arc[T]{ownership.Another[T](&arcs, a.h, s)}
}

// Drop ends this owner. If it is the last, the value is dropped at once, on
// this thread: if *T or T has a method Drop(), that is called, otherwise
// Close() or Close() error; the error is lost (to see it, get the value with
// IntoInner and close it yourself). If that method panics, the value counts
// as dropped all the same. Fields of a struct are not dropped by themselves,
// unlike in Rust: T's method does that.
//
// Everything that any owner did before its Drop synchronizes before the
// value's Drop or Close.
func (a *Arc[T]) Drop() {
	s := a.h.Of
	if s == nil {
		a.dropSlow(a.h.End(&arcs, "Drop"), 0)
		return
	}
	if n := s.strong.sub(); n <= 1 {
		a.dropSlow(s, n)
		return
	}
	a.h.Leave()
}

// dropSlow is Drop if the handle was tracked, and else if n, the count of
// owners that Drop found, was at most 1.
func (a *Arc[T]) dropSlow(s *shared[T], n int) {
	if a.h.Of == nil {
		n = s.strong.sub()
	} else {
		a.h.Leave()
	}
	switch {
	case n == 1:
		s.drop()
	case n < 1:
		s.strong.add()
		a.h.Fail(&arcs, "Drop")
	}
}

// Get returns a copy of the value. If T must not be copied, use Ptr.
func (a Arc[T]) Get() T {
	if a.h.Of == nil {
		return *a.ptrSlow("Get")
	}
	return a.h.Of.v
}

// Ptr returns a pointer to the value, which may be used until this owner's
// Drop. The other owners have the same pointer, so it is for reading, unless
// the value orders its own accesses, as a lock.Mutex or an atomic does.
func (a Arc[T]) Ptr() *T {
	if a.h.Of == nil {
		return a.ptrSlow("Ptr")
	}
	return &a.h.Of.v
}

func (a Arc[T]) ptrSlow(op string) *T {
	s := a.h.Use(&arcs, op)
	s.at.Read()
	return &s.v
}

// GetMut returns a pointer to the value for writing, if this is its only
// owner and there is no Weak, and otherwise nil and false. It may be used
// until the next Clone or Downgrade.
//
// Everything that former owners did before their Drop synchronizes before
// GetMut returns true.
func (a *Arc[T]) GetMut() (*T, bool) {
	s := a.h.Use(&arcs, "GetMut")
	// Acquire, for Weak's Drop: if a Weak was upgraded and is gone, the Arc
	// that came of it is counted in strong below.
	if _, ok := s.weak.n.CompareExchange(0, locked, atomic.Acquire, atomic.Relaxed); !ok {
		return nil, false
	}
	// While the counter is locked no Weak can be made, so no Arc of one.
	alone := s.strong.n.Load(atomic.Acquire) == 1
	s.weak.n.Store(0, atomic.Release)
	if !alone {
		return nil, false
	}
	s.at.Write()
	return &s.v, true
}

// MakeMut returns a pointer to the value for writing, after making this the
// only owner of it if it is not: a owns a clone of the value from then on,
// and the other owners keep the old one. The clone comes from a method Clone()
// T of *T or T, or else is a plain copy. If only Weaks are in the way, the
// value moves instead, and their Upgrade finds nothing from then on.
//
// Everything that former owners did before their Drop synchronizes before
// MakeMut returns the value that they owned.
func (a *Arc[T]) MakeMut() *T {
	s := a.h.Use(&arcs, "MakeMut")
	if _, alone := s.strong.n.CompareExchange(1, 0, atomic.Acquire, atomic.Relaxed); !alone {
		s.at.Read()
		clone := New(ownership.CloneValue(&s.v))
		a.Drop()
		*a = clone
		return a.mut()
	}
	// Nobody can upgrade now. A Weak that another owner made is seen here,
	// because it was made before that owner's Drop.
	if s.weak.n.Load(atomic.Relaxed) > 0 {
		moved := New(s.take())
		a.h.End(&arcs, "MakeMut")
		*a = moved
		return a.mut()
	}
	s.strong.n.Store(1, atomic.Relaxed)
	return a.mut()
}

func (a *Arc[T]) mut() *T {
	s := a.h.Use(&arcs, "MakeMut")
	s.at.Write()
	return &s.v
}

// TryUnwrap returns the value itself, if this is its only owner, and ends the
// owner; the value's Drop or Close does not run, and Weaks find nothing from
// then on. Otherwise it returns false and this owner stays one. If the last
// two owners call it at once, both may get false; see IntoInner.
//
// Everything that former owners did before their Drop synchronizes before
// TryUnwrap returns true.
func (a *Arc[T]) TryUnwrap() (T, bool) {
	s := a.h.Use(&arcs, "TryUnwrap")
	if _, ok := s.strong.n.CompareExchange(1, 0, atomic.Relaxed, atomic.Relaxed); !ok {
		var zero T
		return zero, false
	}
	a.h.End(&arcs, "TryUnwrap")
	return s.take(), true
}

// UnwrapOrClone ends this owner and returns the value itself, if it was the only
// one, as TryUnwrap does; otherwise it returns a clone, as MakeMut makes it, and drops this owner.
func (a *Arc[T]) UnwrapOrClone() T {
	if v, ok := a.TryUnwrap(); ok {
		return v
	}
	v := ownership.CloneValue(a.Ptr())
	a.Drop()
	return v
}

// IntoInner ends this owner, and returns the value itself if it was the last.
// If all owners call IntoInner and none Drop, exactly one gets the value; its
// Drop or Close does not run.
//
// Everything that the other owners did before their IntoInner or Drop
// synchronizes before IntoInner returns true.
func (a *Arc[T]) IntoInner() (T, bool) {
	s := a.h.End(&arcs, "IntoInner")
	if n := s.strong.sub(); n != 1 {
		if n < 1 {
			s.strong.add()
			a.h.Fail(&arcs, "IntoInner")
		}
		var zero T
		return zero, false
	}
	return s.take(), true
}

// Downgrade returns a new Weak of the value. The owner stays one.
func (a Arc[T]) Downgrade() Weak[T] {
	s := a.h.Use(&arcs, "Downgrade")
	s.addWeak()
	return Weak[T]{ownership.Another[T](&weaks, a.h, s)}
}

// StrongCount returns the number of owners. Other threads may change it at
// any time, so it is for messages and tests.
func (a Arc[T]) StrongCount() int {
	return a.h.Use(&arcs, "StrongCount").strong.n.Load(atomic.Relaxed)
}

// WeakCount returns the number of Weaks. Other threads may change it at any
// time, so it is for messages and tests.
func (a Arc[T]) WeakCount() int {
	return max(0, a.h.Use(&arcs, "WeakCount").weak.n.Load(atomic.Relaxed))
}

// PtrEq reports whether a and b own the same value, not an equal one.
func (a Arc[T]) PtrEq(b Arc[T]) bool {
	return a.h.Use(&arcs, "PtrEq") == b.h.Use(&arcs, "PtrEq")
}

func (s *shared[T]) abort() { ownership.Abort("arc", reflect.TypeFor[T]().String()) }
