// Package caller finds the line of the user's program that called the library.
package caller

import (
	"fmt"
	"runtime"
	"strings"
)

// A Place remembers where the library was called. It is cheap to take and
// costs more to print. The zero Place is unknown.
type Place struct {
	pcs [8]uintptr // the innermost calls; the library's own are fewer than these
	n   int
}

// Here returns the place that called the caller of Here.
func Here() Place {
	var p Place
	p.n = runtime.Callers(3, p.pcs[:])
	return p
}

// library holds the packages whose frames are not the user's.
var library = [...]string{"arc.", "rc.", "cell.", "internal/"}

const module = "github.com/fearless-go/fearless/"

// String returns file:line of the innermost call outside the library, or ""
// for the zero Place.
func (p Place) String() string {
	if p.n == 0 {
		return ""
	}
	frames := runtime.CallersFrames(p.pcs[:p.n])
	for {
		f, more := frames.Next()
		if !more || !inLibrary(f.Function) {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
	}
}

func inLibrary(function string) bool {
	rest, ok := strings.CutPrefix(function, module)
	if !ok {
		return false
	}
	for _, p := range library {
		if strings.HasPrefix(rest, p) {
			return true
		}
	}
	return false
}
