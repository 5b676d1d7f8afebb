package thread

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// A Builder says what a thread is to be like. The zero Builder is what Spawn uses.
type Builder struct {
	// Name stands in panic messages, in goroutine profiles as the pprof label
	// "thread" (in place of labels inherited from the spawner), and, with
	// OSThread on Linux, in /proc/self/task/*/comm (its first 15 bytes). It
	// must not contain a NUL byte.
	Name string

	// StackSize is the number of bytes that the thread can use without
	// growing its stack, at most MaxStackSize, and less if debug.SetMaxStack
	// has set a lower limit. 0 leaves growing to the runtime.
	// A garbage collection may shrink a stack of which little is used.
	StackSize int

	// OSThread gives the goroutine an operating system thread of its own,
	// which ends with it (runtime.LockOSThread).
	OSThread bool

	// Crash lets a panic of the thread end the process at once, after the
	// panic hook, as a panic in a plain goroutine does.
	Crash bool
}

// MaxStackSize is the largest Builder.StackSize: 256 MiB, or 64 MiB where an int has
// 32 bits. The limits that the runtime begins with leave room for it: 1 GB for
// a stack, and 250 MB.
const MaxStackSize = 64 << 20 << (^uint(0) >> 63 * 2)

// A BuilderError reports a field of Builder that cannot be had.
type BuilderError struct {
	Field  string // "Name" or "StackSize"
	Value  any
	Reason string
}

// Error names the field, the value and what would work.
func (e *BuilderError) Error() string {
	return fmt.Sprintf("thread: Builder.%s %#v %s", e.Field, e.Value, e.Reason)
}

func (b *Builder) check() error {
	switch {
	case strings.ContainsRune(b.Name, 0):
		return &BuilderError{"Name", b.Name, "contains a NUL byte: leave it out"}
	case b.StackSize < 0:
		return &BuilderError{"StackSize", b.StackSize, "is negative: use 0 for the default"}
	case b.StackSize > MaxStackSize:
		return &BuilderError{"StackSize", b.StackSize, fmt.Sprintf("is too large: use at most MaxStackSize, %d", MaxStackSize)}
	case b.StackSize > 0 && grownTo(b.StackSize) > maxStack():
		return &BuilderError{"StackSize", b.StackSize, fmt.Sprintf("does not fit below the limit of debug.SetMaxStack, %d: raise that", maxStack())}
	}
	return nil
}

// live counts threads that were started and have not ended.
var live, limit atomic.Int64

// SetLimit lets at most n threads of this package live at once; more are
// refused with a *LimitError. There is no limit if n is 0, the default, or
// less. Threads that live already are not touched.
func SetLimit(n int) { limit.Store(int64(max(n, 0))) }

// A LimitError reports that a thread was not started, because as many as
// SetLimit allows live already.
type LimitError struct{ Limit int }

// Error names the limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("thread: the limit of %d live threads is reached: join some first, or raise it with SetLimit", e.Limit)
}

// reserve counts a thread that is to start.
func reserve() error {
	n := live.Add(1)
	if most := limit.Load(); most != 0 && n > most {
		live.Add(-1)
		return &LimitError{int(most)}
	}
	return nil
}
