package thread

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/ownership"
)

// A Local is a variable of which each thread has its own. Make one with
// NewLocal, for the whole program, as a package's variable. A Local must not be
// copied.
//
// A thread's value is made when the thread first asks for it. When a thread that
// this package started has ended, also by a panic or runtime.Goexit, the Drop or
// Close method of its value, if there is one, is called, as an Arc does it: by the
// thread itself, the value made last first, and before anybody can join it. Of a
// plain goroutine nobody learns when it ends, so that its value is never
// dropped: it is kept until another goroutine has taken the ended one's place.
//
// It is Rust's thread_local and LocalKey. Pass on as an argument what a function
// needs to know; a Local is for what belongs to the thread, such as a buffer.
// Go may run a callback on another goroutine than you expect.
type Local[T any] struct {
	_    noCopy
	init func() T
}

// NewLocal returns a Local whose values f makes; if f is nil, they begin as the zero T.
func NewLocal[T any](f func() T) *Local[T] { return &Local[T]{init: f} }

// Ptr returns a pointer to the calling thread's value, which no other thread may
// use. It panics with a *LocalError where there is none: in the function that
// makes it, and in a Drop or Close at the end of the thread if its own was dropped,
// or had not been made.
func (l *Local[T]) Ptr() *T {
	p, err := l.find()
	if err != nil {
		panic(err)
	}
	return p
}

// Get returns the calling thread's value. It panics as Ptr does, and so do the others but TryWith.
func (l *Local[T]) Get() T { return *l.Ptr() }

// Set replaces the calling thread's value by v, without dropping the previous one.
func (l *Local[T]) Set(v T) { *l.Ptr() = v }

// Replace sets the calling thread's value to v and returns the previous one.
func (l *Local[T]) Replace(v T) T {
	p := l.Ptr()
	v, *p = *p, v
	return v
}

// Take returns the calling thread's value and leaves the zero T.
func (l *Local[T]) Take() T {
	var zero T
	return l.Replace(zero)
}

// With calls f with a pointer to the calling thread's value. f must not keep it.
func (l *Local[T]) With(f func(v *T)) { f(l.Ptr()) }

// TryWith is With that returns the *LocalError, and does not call f then.
func (l *Local[T]) TryWith(f func(v *T)) error {
	p, err := l.find()
	if err != nil {
		return err
	}
	f(p)
	return nil
}

func (l *Local[T]) find() (*T, error) {
	t := current()
	if t.locals == nil {
		t.locals = new(locals)
		if t.foreign != nil {
			threads.foreign.settle(t)
		}
	}
	for i := len(t.locals.all) - 1; i >= 0; i-- {
		if v := t.locals.all[i]; v.key == l {
			p, ok := v.value.(*T)
			if !ok {
				return nil, &LocalError{Type: fmt.Sprintf("%T", l)}
			}
			return p, nil
		}
	}
	if t.locals.dropped {
		return nil, &LocalError{Type: fmt.Sprintf("%T", l), Dropped: true}
	}
	return l.make(t), nil
}

// make makes the value of t, the calling thread.
func (l *Local[T]) make(t *Thread) *T {
	v := new(T)
	if l.init != nil {
		t.locals.all = append(t.locals.all, local{key: l}) // so that init does not ask for it
		defer t.locals.unmade(l)
		*v = l.init()
		t.locals.unmade(l)
	}
	t.locals.all = append(t.locals.all, local{key: l, value: v, drop: func() { ownership.DropValue(v) }})
	return v
}

// locals are the values of one thread, which alone looks at them: the one made first is first.
type locals struct {
	all     []local
	dropped bool // the thread has ended, and makes no more
}

type local struct {
	key   any // the *Local
	value any // the *T, or nil while it is being made
	drop  func()
}

// unmade takes out the place of a value that is being made.
func (l *locals) unmade(key any) {
	l.all = slices.DeleteFunc(l.all, func(v local) bool { return v.key == key && v.value == nil })
}

// dropFor drops the value of t, which has ended. A method that panics is told of
// by the panic hook.
func (v local) dropFor(t *Thread) {
	defer func() {
		if value := recover(); value != nil {
			if abandoned(value) {
				panic(value)
			}
			reportPanic(newPanicError(value, t))
		}
	}()
	v.drop()
}

// A LocalError says that the calling thread has no value of a Local. It is Rust's AccessError.
type LocalError struct {
	Type    string // such as *thread.Local[int]
	Dropped bool   // the thread has ended; otherwise the value is being made
}

// Error says which rule was broken.
func (e *LocalError) Error() string {
	if e.Dropped {
		return fmt.Sprintf("thread: a %s was used by a Drop or Close at the end of the thread, when its own value was dropped or had never been made: use it before", e.Type)
	}
	return fmt.Sprintf("thread: the function that makes the value of a %s uses it: it would call itself forever", e.Type)
}
