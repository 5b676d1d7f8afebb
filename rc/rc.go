package rc

import (
	"reflect"

	"github.com/fearless-go/fearless/internal/ownership"
	"github.com/fearless-go/fearless/marker"
)

// shared is what the Rcs and Weaks of one value point to.
type shared[T any] struct {
	strong, weak int // the Rcs and the Weaks; at 0 Rcs v is gone
	v            T
}

var (
	leaks ownership.LeakHook
	rcs   = ownership.Kind{Name: "Rc", Leaks: &leaks, Panic: misused}
	weaks = ownership.Kind{Name: "Weak", Leaks: &leaks, Panic: misused}
)

// An Rc is one of the owners of a shared value, all on one thread: a
// "reference counted" pointer. The value lives until the last owner calls
// Drop, which then runs the value's own Drop or Close.
//
// An Rc is small and may be passed on, stored and returned; that moves the
// ownership, as in Rust, and a copy is not an owner of its own. A new owner
// comes from Clone. Each owner calls Drop exactly once. After that, and on the
// zero Rc, any call panics with a [*UseAfterDropError].
//
// That is always found through the variable that was dropped. A call through
// another copy of it is found with -race and the build tags fearless_debug
// and fearless_model, and in any build while a hook of [SetLeakHook] is set.
// Without them Clone and Drop allocate nothing.
type Rc[T any] struct {
	_ marker.NoSend
	_ marker.NoSync
	h ownership.Handle[T, shared[T]]
}

// New returns the first owner of v.
func New[T any](v T) Rc[T] {
	return Rc[T]{h: ownership.New[T](&rcs, &shared[T]{strong: 1, v: v})}
}

// NewCyclic returns the first owner of f(w), where w is a Weak of that same
// value, so that it can refer to itself: f stores w.Clone() in it. Until f has
// returned, Upgrade of w and its clones finds nothing. w itself is dropped
// when f returns. If f panics, nothing is made.
func NewCyclic[T any](f func(w *Weak[T]) T) Rc[T] {
	s := &shared[T]{weak: 1}
	w := Weak[T]{h: ownership.New[T](&weaks, s)}
	defer w.Drop()
	s.v = f(&w)
	s.strong = 1
	return Rc[T]{h: ownership.New[T](&rcs, s)}
}

// Clone returns a new owner of the same value. If there are more than
// MaxInt/2 owners, the process ends with a message on standard error.
func (r Rc[T]) Clone() Rc[T] {
	if s := r.h.Of; s != nil && uint(s.strong-1) < ownership.MaxOwners {
		s.strong++
		return r
	}
	return r.cloneSlow()
}

func (r Rc[T]) cloneSlow() Rc[T] {
	s := r.h.Use(&rcs, "Clone")
	switch {
	case s.strong > ownership.MaxOwners:
		s.abort()
	case s.strong < 1:
		r.h.Fail(&rcs, "Clone")
	}
	s.strong++
	return Rc[T]{h: ownership.Another[T](&rcs, r.h, s)}
}

// Drop ends this owner. If it is the last, the value is dropped at once: if *T
// or T has a method Drop(), that is called, otherwise Close() or Close()
// error; the error is lost (to see it, get the value with IntoInner and close
// it yourself). If that method panics, the value counts as dropped all the
// same. Fields of a struct are not dropped by themselves, unlike in Rust: T's
// method does that.
func (r *Rc[T]) Drop() {
	s := r.h.Of
	if s == nil || s.strong <= 1 {
		r.dropSlow()
		return
	}
	s.strong--
	r.h.Leave()
}

func (r *Rc[T]) dropSlow() {
	if s, last := r.end("Drop"); last {
		ownership.DropValue(&s.v)
	}
}

// end ends this owner, for op, and reports whether it was the last.
func (r *Rc[T]) end(op string) (s *shared[T], last bool) {
	s = r.h.End(&rcs, op)
	if s.strong < 1 {
		r.h.Fail(&rcs, op)
	}
	s.strong--
	return s, s.strong == 0
}

// Get returns a copy of the value. If T must not be copied, use Ptr.
func (r Rc[T]) Get() T {
	if r.h.Of == nil {
		return r.h.Use(&rcs, "Get").v
	}
	return r.h.Of.v
}

// Ptr returns a pointer to the value, which may be used until this owner's
// Drop. The other owners have the same pointer, so it is for reading, unless
// the value guards itself, as a cell does.
func (r Rc[T]) Ptr() *T {
	if r.h.Of == nil {
		return &r.h.Use(&rcs, "Ptr").v
	}
	return &r.h.Of.v
}

// GetMut returns a pointer to the value for writing, if this is its only
// owner and there is no Weak, and otherwise nil and false. It may be used
// until the next Clone or Downgrade.
func (r *Rc[T]) GetMut() (*T, bool) {
	s := r.h.Use(&rcs, "GetMut")
	if s.strong != 1 || s.weak != 0 {
		return nil, false
	}
	return &s.v, true
}

// MakeMut returns a pointer to the value for writing, after making this the
// only owner of it if it is not: r owns a clone of the value from then on,
// and the other owners keep the old one. The clone comes from a method Clone()
// T of *T or T, or else is a plain copy. If only Weaks are in the way, the
// value moves instead, and their Upgrade finds nothing from then on.
func (r *Rc[T]) MakeMut() *T {
	s := r.h.Use(&rcs, "MakeMut")
	switch {
	case s.strong > 1:
		clone := New(ownership.CloneValue(&s.v))
		r.Drop()
		*r = clone
	case s.weak > 0:
		v, _ := r.IntoInner()
		*r = New(v)
	}
	return &r.h.Use(&rcs, "MakeMut").v
}

// TryUnwrap returns the value itself, if this is its only owner, and ends the
// owner; the value's Drop or Close does not run, and Weaks find nothing from
// then on. Otherwise it returns false and this owner stays one.
func (r *Rc[T]) TryUnwrap() (T, bool) {
	if r.h.Use(&rcs, "TryUnwrap").strong != 1 {
		var zero T
		return zero, false
	}
	return r.IntoInner()
}

// UnwrapOrClone ends this owner and returns the value itself, if it was the only
// one, as TryUnwrap does; otherwise it returns a clone, as MakeMut makes it, and drops this owner.
func (r *Rc[T]) UnwrapOrClone() T {
	if v, ok := r.TryUnwrap(); ok {
		return v
	}
	v := ownership.CloneValue(r.Ptr())
	r.Drop()
	return v
}

// IntoInner ends this owner, and returns the value itself if it was the last;
// its Drop or Close does not run.
func (r *Rc[T]) IntoInner() (T, bool) {
	var v, zero T
	s, last := r.end("IntoInner")
	if last {
		v, s.v = s.v, zero
	}
	return v, last
}

// Downgrade returns a new Weak of the value. The owner stays one.
func (r Rc[T]) Downgrade() Weak[T] {
	s := r.h.Use(&rcs, "Downgrade")
	s.addWeak()
	return Weak[T]{h: ownership.Another[T](&weaks, r.h, s)}
}

// StrongCount returns the number of owners.
func (r Rc[T]) StrongCount() int { return r.h.Use(&rcs, "StrongCount").strong }

// WeakCount returns the number of Weaks.
func (r Rc[T]) WeakCount() int { return r.h.Use(&rcs, "WeakCount").weak }

// PtrEq reports whether r and o own the same value, not an equal one.
func (r Rc[T]) PtrEq(o Rc[T]) bool {
	return r.h.Use(&rcs, "PtrEq") == o.h.Use(&rcs, "PtrEq")
}

func (s *shared[T]) addWeak() {
	if s.weak > ownership.MaxOwners {
		s.abort()
	}
	s.weak++
}

func (s *shared[T]) abort() { ownership.Abort("rc", reflect.TypeFor[T]().String()) }
