// Package nilpanic notices a panic(nil) where recover returns nil for it, as it
// does with GODEBUG=panicnil=1, so that a deferred function that calls recover
// does not take it for no panic, and swallow it. Begin reading at Enabled.
package nilpanic

import (
	"runtime"
	"strings"
)

// Enabled is whether recover returned nil for a panic(nil) when the process
// started: GODEBUG=panicnil=1, in the environment or by a //go:debug line.
// What os.Setenv changes later is not seen.
var Enabled = func() (enabled bool) {
	defer func() { enabled = recover() == nil }()
	panic(nil)
}()

// Ended reports whether a panic runs the deferred function that calls Ended. It
// is for one whose recover has returned nil, where Enabled is set: then what
// recover ended was a panic(nil).
func Ended() bool {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	deferred, more := frames.Next()
	for more {
		var f runtime.Frame
		f, more = frames.Next()
		// The compiler wraps a deferred call that has arguments, as of a method.
		if f.Function != deferred.Function && !strings.Contains(f.Function, "deferwrap") {
			return f.Function == "runtime.gopanic"
		}
	}
	return false
}
