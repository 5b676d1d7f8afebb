package thread

import (
	"context"
	"runtime"
	"runtime/pprof"
)

// apply makes the calling goroutine what b says.
func (b *Builder) apply() {
	if b.OSThread {
		// Never unlocked, so that the operating system's thread ends with the
		// goroutine and takes its name along.
		runtime.LockOSThread()
	}
	if b.Name != "" {
		pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("thread", b.Name)))
		if b.OSThread {
			setOSThreadName(b.Name)
		}
	}
	if b.StackSize > 0 {
		growStack(b.StackSize)
	}
}
