package thread

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// A PanicError is the panic of a thread, as Join returns it.
type PanicError struct {
	Value  any     // what panic was called with
	Stack  []byte  // the traceback, from the panic down
	Thread *Thread // who panicked

	location string // file:line of the panic
}

// Error says which thread panicked, where, and with what.
func (e *PanicError) Error() string {
	return fmt.Sprintf("thread '%s' panicked at %s: %v", e.Thread.display(), e.location, e.Value)
}

// Unwrap returns the panic's value if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

var hook atomic.Pointer[func(*PanicError)]

// SetPanicHook makes f the function that is called in a panicking thread, at
// the panic, before anyone can join it. nil restores the default, which prints
//
//	thread 'name' panicked at file:line: value
//
// and the stack to standard error. f must not panic.
func SetPanicHook(f func(*PanicError)) {
	if f == nil {
		hook.Store(nil)
		return
	}
	hook.Store(&f)
}

// TakePanicHook restores the default hook and returns the one that was in use, for
// a new hook to call, or to be set again.
func TakePanicHook() func(*PanicError) {
	if f := hook.Swap(nil); f != nil {
		return *f
	}
	return (*PanicError).print
}

func (e *PanicError) report() {
	if f := hook.Load(); f != nil {
		(*f)(e)
		return
	}
	e.print()
}

// print is the default hook.
func (e *PanicError) print() {
	// One write, so that panics of several threads do not mix.
	_, _ = fmt.Fprintf(os.Stderr, "%v\n%s\n", e, e.Stack)
}

// newPanicError is called while the panicking frames are still on the stack.
func newPanicError(value any, t *Thread) *PanicError {
	return &PanicError{Value: value, Stack: stackFromPanic(debug.Stack()), Thread: t, location: panicLocation()}
}

// stackFromPanic drops the frames above the call of panic, which are ours.
func stackFromPanic(stack []byte) []byte {
	header, rest, _ := bytes.Cut(stack, []byte("\n"))
	i := bytes.Index(rest, []byte("\npanic("))
	if i < 0 {
		return stack
	}
	return append(append(header, '\n'), rest[i+1:]...)
}

// library is the prefix of this module's functions. Its deferred functions
// pass a panic on by panicking again, and are not where it came from.
const library = "github.com/fearless-go/fearless/"

// panicLocation returns file:line of the statement that panicked.
func panicLocation() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	location, inPanic := "unknown", false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			inPanic = true
		case inPanic && !strings.HasPrefix(f.Function, "runtime."):
			location = fmt.Sprintf("%s:%d", f.File, f.Line)
			if !passesOn(f) {
				return location
			}
			inPanic = false
		}
		if !more {
			return location
		}
	}
}

func passesOn(f runtime.Frame) bool {
	return strings.HasPrefix(f.Function, library) && !strings.HasSuffix(f.File, "_test.go")
}
