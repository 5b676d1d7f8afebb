package lock

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/word"
)

// A OnceLock is set at most once and then read by any number of threads at
// the cost of one load. The zero OnceLock is empty. A OnceLock must not be
// copied after first use.
//
// In the terminology of the Go memory model, the Set, or the return of the
// function, that filled it synchronizes before the return of every call that
// sees the value.
type OnceLock[T any] struct {
	_     noCopy
	core  onceCore
	at    access.Location
	value T
}

// NewOnceLock returns a OnceLock that is filled with v.
func NewOnceLock[T any](v T) *OnceLock[T] {
	l := &OnceLock[T]{value: v}
	l.core.setComplete()
	return l
}

// Get returns the value, and whether there is one. It does not wait.
func (l *OnceLock[T]) Get() (v T, ok bool) {
	if !l.core.isComplete() {
		return v, false
	}
	return l.load(), true
}

// Ptr returns a pointer to the value, to read it, or nil if there is none.
func (l *OnceLock[T]) Ptr() *T {
	if !l.core.isComplete() {
		return nil
	}
	l.at.Read()
	return &l.value
}

func (l *OnceLock[T]) load() T {
	l.at.Read()
	return l.value
}

// Set fills the OnceLock with v and returns true, or returns false if it is
// filled already. It waits for a function of GetOrInit that is running.
func (l *OnceLock[T]) Set(v T) bool {
	set := false
	l.GetOrInit(func() T {
		set = true
		return v
	})
	return set
}

// GetOrInit returns the value, and fills the OnceLock with f() first if it is
// empty. Of several callers at once, one runs its function and the others wait
// for it. If f panics or calls runtime.Goexit, the OnceLock stays empty and the
// next caller runs its own. If f uses the same OnceLock, that panics with a
// *ReentrantError.
func (l *OnceLock[T]) GetOrInit(f func() T) T {
	if !l.core.isComplete() {
		l.initWith(f)
	}
	if !word.Real { // a constant: the inliner does not count what is in here
		l.at.Read()
	}
	return l.value
}

// initWith is init for a function that cannot fail. It is not inlined so that its caller can be.
//
//go:noinline
func (l *OnceLock[T]) initWith(f func() T) {
	_ = l.init(func() (T, error) { return f(), nil }) // f has no error
}

// GetOrTryInit is GetOrInit for a function that can fail. Then it returns the
// error, and the OnceLock stays empty.
func (l *OnceLock[T]) GetOrTryInit(f func() (T, error)) (v T, err error) {
	if !l.core.isComplete() {
		if err := l.init(f); err != nil {
			return v, err
		}
	}
	return l.load(), nil
}

func (l *OnceLock[T]) init(f func() (T, error)) error {
	return l.core.run("OnceLock", false, onceIncomplete, func(bool) error {
		v, err := f()
		if err == nil {
			l.at.Write()
			l.value = v
		}
		return err
	})
}

// Take empties the OnceLock and returns what was in it, and whether anything
// was. It is for a OnceLock that nobody else uses at the time. It panics with
// an *InUseError while a function of GetOrInit runs.
func (l *OnceLock[T]) Take() (v T, ok bool) {
	switch l.core.stateNow() {
	case onceRunning:
		panic(&InUseError{"OnceLock.Take"})
	case onceComplete:
		l.at.Write()
		v, l.value = l.value, v
		l.core.clear()
		return v, true
	}
	return v, false
}
