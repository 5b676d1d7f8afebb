//go:build !fearless_model

package thread

import (
	"runtime"
	"sync/atomic"
	"time"
)

// identity is what a Thread knows of its goroutine.
type identity struct {
	number  atomic.Uint64 // 0 until the goroutine runs
	foreign bool          // not started by this package
	kept    atomic.Bool   // see registry.keep
}

func (t *Thread) id() ThreadID {
	for {
		if n := t.number.Load(); n != 0 {
			return ThreadID(n)
		}
		runtime.Gosched()
	}
}

// start runs body as the goroutine of t, between enter and leave.
func start(t *Thread, body interface{ run() }) { go body.run() }

// enter is the first thing that a started goroutine does.
func enter(t *Thread) {
	id := goroutineID()
	t.number.Store(id)
	threads.add(id, t)
}

// leave is the last thing that it does, before anyone learns that it has ended.
func leave(t *Thread) { threads.remove(t.number.Load(), t) }

func current() *Thread { return threads.find(goroutineID()) }

// keep holds the Thread for its goroutine if it has a token that only Current
// can lead back to.
func (t *Thread) keep() {
	if t.foreign {
		threads.keep(t)
	}
}

// release ends keep once the token is taken.
func (t *Thread) release() {
	if t.foreign && t.kept.Load() {
		threads.release(t)
	}
}

func yield() { runtime.Gosched() }

func sleep(d time.Duration) { time.Sleep(d) }
