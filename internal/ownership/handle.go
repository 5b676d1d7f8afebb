package ownership

import (
	"reflect"

	"github.com/fearless-go/fearless/internal/caller"
)

// A Handle is one owner of an S, which holds the user's T. Copies of a handle
// are the same owner. The zero Handle owns nothing.
type Handle[T, S any] struct {
	// Of is what an untracked handle owns. It is nil in one that is tracked,
	// dropped or zero, so that one comparison tells the fast path apart.
	Of    *S
	owner *Owner
}

// New returns the handle of a first owner of s.
func New[T, S any](k *Kind, s *S) Handle[T, S] {
	if !tracking(k) {
		return Handle[T, S]{Of: s}
	}
	return Handle[T, S]{owner: track[T](k, s)}
}

// Another returns the handle of a further owner of s, which the caller
// reached through h. It is tracked if h is.
func Another[T, S, R any](k *Kind, h Handle[T, R], s *S) Handle[T, S] {
	if h.Of != nil {
		return Handle[T, S]{Of: s}
	}
	return Handle[T, S]{owner: track[T](k, s)}
}

// IsZero reports whether h never owned anything.
func (h Handle[T, S]) IsZero() bool { return h.Of == nil && h.owner == nil }

// Owns reports whether Use would return.
func (h Handle[T, S]) Owns() bool {
	return h.Of != nil || h.owner != nil && h.owner != &gone && h.owner.dropped.Load() == nil
}

// Use returns what h owns. It panics if that is nothing.
func (h Handle[T, S]) Use(k *Kind, op string) *S {
	if h.Of != nil {
		return h.Of
	}
	if !h.Owns() {
		h.Fail(k, op)
	}
	return h.owner.of.(*S)
}

// Leave makes an untracked or zero handle a dropped one.
func (h *Handle[T, S]) Leave() { h.Of, h.owner = nil, &gone }

// End returns what h owned, and ends that. It panics if h owns nothing.
func (h *Handle[T, S]) End(k *Kind, op string) *S {
	s := h.Use(k, op)
	if h.Of != nil {
		h.Leave()
		return s
	}
	here := caller.Here()
	if !h.owner.dropped.CompareAndSwap(nil, &here) {
		h.Fail(k, op)
	}
	h.owner.cleanup.Stop()
	return s
}

// Fail panics because op was called on an h that owns nothing, or not any more.
func (h Handle[T, S]) Fail(k *Kind, op string) {
	m := Misuse{Type: k.Name + "[" + reflect.TypeFor[T]().String() + "]", Op: op, Zero: h.IsZero()}
	if o := h.owner; o != nil {
		m.Made = o.made.String()
		if dropped := o.dropped.Load(); dropped != nil {
			m.Dropped = dropped.String()
		}
	}
	k.Panic(m)
}
