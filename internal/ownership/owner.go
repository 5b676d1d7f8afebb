// Package ownership tells the owners of a shared value apart: the Arcs and
// Weaks of package arc, the Rcs and Weaks of package rc.
//
// An owner is a Handle. An untracked handle is a pointer and costs nothing;
// it knows that it was dropped, but a copy of it does not. A tracked handle
// has a record of its own, an Owner, which its copies share: that finds every
// use after the drop, knows where the owner was made and dropped, and lets the
// garbage collector report one that nobody drops. Handles are tracked in
// checked builds and while a leak hook is set.
package ownership

import (
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/caller"
	"github.com/fearless-go/fearless/internal/checked"
)

// A Kind is what a package knows of one of its kinds of owners.
type Kind struct {
	Name  string         // such as "Arc"
	Leaks *LeakHook      // the package's
	Panic func(m Misuse) // panics with the package's own type
}

// A LeakHook is a function that may be replaced at any time.
type LeakHook struct{ f atomic.Pointer[func(Leak)] }

// Set makes f the function that is called for a leak; nil disables it.
func (h *LeakHook) Set(f func(Leak)) {
	if f == nil {
		h.f.Store(nil)
		return
	}
	h.f.Store(&f)
}

// An Owner is the record of a tracked handle.
//
// Its fields are the library's bookkeeping, not the user's program: they are
// sync/atomic's, so that the model checker does not explore them.
type Owner struct {
	kind    *Kind
	value   reflect.Type // the T
	of      any          // the *S
	made    caller.Place
	dropped atomic.Pointer[caller.Place]
	cleanup runtime.Cleanup // zero without a leak hook
}

// gone is the owner of an untracked handle that was dropped.
var gone Owner

// track returns a record for an owner of s.
func track[T any](k *Kind, s any) *Owner {
	o := &Owner{kind: k, value: reflect.TypeFor[T](), of: s, made: caller.Here()}
	if k.Leaks.f.Load() != nil {
		o.cleanup = runtime.AddCleanup(o, report, undropped{k, o.value, o.made})
	}
	if f := watcher.Load(); f != nil {
		(*f)(o)
	}
	return o
}

var watcher atomic.Pointer[func(*Owner)]

// Watch makes f see every record that is made: how the model checker learns
// at the end of an execution who was not dropped.
func Watch(f func(*Owner)) { watcher.Store(&f) }

// Undropped says what leaked if o was not dropped.
func (o *Owner) Undropped() (leak string, ok bool) {
	if o.dropped.Load() != nil {
		return "", false
	}
	return undropped{o.kind, o.value, o.made}.leak().String(), true
}

// undropped is what must outlive an owner for its leak to be reported. It
// refers neither to the owner nor to what that owns.
type undropped struct {
	kind *Kind
	of   reflect.Type
	made caller.Place
}

func report(u undropped) {
	if f := u.kind.Leaks.f.Load(); f != nil {
		(*f)(u.leak())
	}
}

func (u undropped) leak() Leak {
	return Leak{Type: u.kind.Name + "[" + u.of.String() + "]", Made: u.made.String()}
}

func tracking(k *Kind) bool { return checked.Build || k.Leaks.f.Load() != nil }
