package lock

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/word"
)

// A LazyLock computes its value when it is first asked for, once, whoever asks.
// Make one with NewLazyLock: the zero LazyLock has no function, and its Get
// panics with a [*NoFunctionError]. A LazyLock must not be copied.
//
// In the terminology of the Go memory model, the return of the function
// synchronizes before the return of every Get.
//
// If the function panics or calls runtime.Goexit, the LazyLock is poisoned, and
// every later Get panics with a [*PoisonError].
type LazyLock[T any] struct {
	_     noCopy
	core  onceCore
	at    access.Location
	f     func() T
	value T
}

// NewLazyLock returns a LazyLock whose value f will compute. It panics with a
// *NoFunctionError if f is nil.
func NewLazyLock[T any](f func() T) *LazyLock[T] {
	if f == nil {
		panic(&NoFunctionError{})
	}
	return &LazyLock[T]{f: f}
}

// A NoFunctionError is the value of the panic of NewLazyLock without a function,
// and of every Get of a LazyLock that NewLazyLock did not make.
type NoFunctionError struct{}

// Error says how to mend it.
func (*NoFunctionError) Error() string {
	return "lock: LazyLock without a function: make it with NewLazyLock(f)"
}

// Get returns the value, and computes it first if nobody has asked for it
// before. Of several callers at once, one computes and the others wait for it.
func (l *LazyLock[T]) Get() T {
	if !l.core.isComplete() {
		l.compute()
	}
	if !word.Real { // a constant: the inliner does not count what is in here
		l.at.Read()
	}
	return l.value
}

// TryGet returns the value, and whether it has been computed. It neither computes
// it nor waits.
func (l *LazyLock[T]) TryGet() (v T, ok bool) {
	if !l.core.isComplete() {
		return v, false
	}
	l.at.Read()
	return l.value, true
}

// Ptr is Get that returns a pointer to the value, to read it.
func (l *LazyLock[T]) Ptr() *T {
	if !l.core.isComplete() {
		l.compute()
	}
	l.at.Read()
	return &l.value
}

// IsCompleted reports whether the value has been computed.
func (l *LazyLock[T]) IsCompleted() bool { return l.core.isComplete() }

// It is not inlined so that its callers can be.
//
//go:noinline
func (l *LazyLock[T]) compute() {
	err := l.core.run("LazyLock", false, oncePoisoned, func(bool) error {
		f := l.f
		if f == nil {
			return &NoFunctionError{} // an error does not poison
		}
		l.f = nil // what it captured is garbage when it has returned or panicked
		v := f()
		l.at.Write()
		l.value = v
		return nil
	})
	if err != nil {
		panic(err)
	}
}
