//go:build !fearless_model

package thread

import (
	"runtime"
	"time"

	"github.com/fearless-go/fearless/internal/goid"
)

// start runs body as the goroutine of t, between enter and leave.
func start(t *Thread, body interface{ run() }) error {
	if err := reserve(); err != nil {
		return err
	}
	go body.run()
	return nil
}

// enter is the first thing that a started goroutine does.
func enter(t *Thread) {
	id := goid.Get()
	t.number.Store(id)
	threads.add(id, t)
}

// leave is the last thing that it does, before anyone learns that it has ended.
func leave(t *Thread) {
	threads.remove(t.number.Load())
	live.Add(-1)
}

func current() *Thread { return threads.find(goid.Get()) }

func yield() { runtime.Gosched() }

func sleep(d time.Duration) { time.Sleep(d) }

// joined notes that somebody has the thread's result.
func (t *Thread) joined() {}

// scoped notes that a scope waits for the thread.
func (t *Thread) scoped() {}

// abandoned reports whether a panic is the engine's way to end a thread.
func abandoned(any) bool { return false }

// reportPanic is called in a panicking thread, at the panic.
func reportPanic(err *PanicError) { err.report() }

// modeled is what the engine keeps with a Thread: here there is none.
//
//lint:ignore U1000 the model build's has a field, which is used
type modeled struct{}
