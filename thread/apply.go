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

// growStack calls itself until size bytes of stack were in use once. The
// runtime doubles a stack as needed, and keeps it until a collection finds
// three quarters unused.
//
//go:noinline
func growStack(size int) byte {
	var frame [1024]byte
	if size > len(frame) {
		frame[size%len(frame)] = growStack(size - len(frame))
	}
	return frame[size/2%len(frame)]
}
