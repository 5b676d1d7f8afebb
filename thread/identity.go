package thread

import (
	"runtime"
	"sync/atomic"
)

// identity is what a Thread knows of its goroutine.
type identity struct {
	//lint:ignore U1000 the model build uses it
	modeled
	number  atomic.Uint64 // 0 until the goroutine runs
	foreign *foreign      // nil if this package started it
}

func (t *Thread) id() ThreadID {
	for {
		if n := t.number.Load(); n != 0 {
			return ThreadID(n)
		}
		runtime.Gosched()
	}
}

// keep holds the Thread for its goroutine if it has a token that only Current
// can lead back to.
func (t *Thread) keep() {
	if t.foreign != nil && !t.foreign.settled.Load() {
		threads.foreign.keep(t)
	}
}

// release ends keep once the token is taken.
func (t *Thread) release() {
	if t.foreign != nil && t.foreign.kept.Load() && !t.foreign.settled.Load() {
		threads.foreign.release(t)
	}
}
