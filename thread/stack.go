package thread

import (
	"math"
	"runtime/debug"
	"sync"
)

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

// grownTo is how large growStack may make the stack: the next power of two. To
// its arrays come what a call needs beside them, what the thread has used already,
// and the runtime's reserve.
func grownTo(size int) int {
	grown := 1
	for grown < size+size/4+16<<10 {
		grown *= 2
	}
	return grown
}

var maxStackLock sync.Mutex

// maxStack returns the limit of debug.SetMaxStack. A stack that is to grow
// beyond it ends the process, and nothing can recover that.
//
// There is no way to ask for the limit but to set another. That other is none,
// which no stack can notice. A limit that somebody else sets at the same moment
// stays, though he may be told MaxInt for the one before.
func maxStack() int {
	maxStackLock.Lock()
	defer maxStackLock.Unlock()
	set := math.MaxInt
	limit := debug.SetMaxStack(set)
	for {
		found := debug.SetMaxStack(limit)
		if found == set {
			return limit
		}
		set, limit = limit, found // somebody set found, and has to have it back
	}
}
