package engine

import (
	"runtime"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/source"
)

// mutate.go is for tests that weaken one ordering of the library after the other.

// mutated is the ordering that Options.Mutate makes of o.
func (t *Thread) mutated(o Order, fails bool) Order {
	if t.e.opts.Mutate == nil {
		return o
	}
	return t.mutate(o, fails)
}

func (t *Thread) mutate(o Order, fails bool) Order {
	var pcs [8]uintptr
	n := runtime.Callers(2, pcs[:])
	at, known := t.e.callers[pcs]
	if !known {
		at = caller(pcs[:n])
		if t.e.callers == nil {
			t.e.callers = make(map[[8]uintptr]runtime.Frame)
		}
		t.e.callers[pcs] = at
	}
	return t.e.opts.Mutate(at.File, at.Line, o, fails)
}

// caller is the innermost frame that is above the words and atomics.
func caller(pcs []uintptr) (f runtime.Frame) {
	frames := runtime.CallersFrames(pcs)
	for more := true; more; {
		f, more = frames.Next()
		rest, _ := strings.CutPrefix(f.Function, source.Module)
		if !strings.HasPrefix(rest, "internal/engine.") && !strings.HasPrefix(rest, "internal/word.") && !strings.HasPrefix(rest, "atomic.") {
			break
		}
	}
	return f
}
