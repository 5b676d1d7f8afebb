package model

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

// Assert fails the execution if ok is false. Outside of a model it panics
// with an *AssertionError. The message is formed as by fmt.Sprint.
func Assert(ok bool, message ...any) {
	if ok {
		return
	}
	err := &AssertionError{Place: caller(1), Message: fmt.Sprint(message...)}
	if t := engine.Current(); t != nil {
		t.FailWith(engine.Panicked, err, "%s", err.Error())
	}
	panic(err)
}

// caller is the place that many calls above its caller.
func caller(skip int) string {
	_, file, line, _ := runtime.Caller(skip + 1)
	return fmt.Sprintf("%s:%d", file[strings.LastIndexByte(file, '/')+1:], line)
}

// An AssertionError is an Assert that does not hold.
type AssertionError struct {
	Place   string // file:line
	Message string
}

// Error says where, and what the assertion had to say.
func (e *AssertionError) Error() string {
	if e.Message == "" {
		return "assertion failed at " + e.Place
	}
	return "assertion failed at " + e.Place + ": " + e.Message
}

// Assume gives up the execution if ok is false: it counts as blocked, and is no
// failure. Use it for what the caller knows to hold, or not to matter. Outside
// of a model a false assumption panics with an *AssertionError, for there
// nothing can be given up.
func Assume(ok bool) {
	if ok {
		return
	}
	t := engine.Current()
	if t == nil {
		panic(&AssertionError{Place: caller(1), Message: "what was assumed does not hold"})
	}
	t.Assume(false)
}

// Observe adds values to the outcome of the execution; Report.Outcomes counts
// executions by outcome. The order of Observes by several threads is not
// explored: call it from one, at the end. Outside of a model it does nothing.
func Observe(values ...any) {
	if t := engine.Current(); t != nil {
		t.Observe(values)
	}
}

// Choose returns a number from 0 to n-1; all are explored. Outside of a model
// it returns 0. It panics if n is less than 1.
func Choose(n int) int {
	if n < 1 {
		panic(fmt.Errorf("model: Choose(%d): use 1 or more", n))
	}
	if t := engine.Current(); t != nil && n > 1 {
		return t.Choose(n)
	}
	return 0
}

// Active reports whether the caller is a thread of a model.
func Active() bool { return engine.Current() != nil }
