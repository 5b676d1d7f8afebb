//go:build fearless_model

package thread

import (
	"runtime"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/goid"
)

// modeled is the thread of the engine that a Thread stands for; nil outside of
// the model, where everything is as in the default build.
type modeled struct{ engineThread *engine.Thread }

// start runs body as the goroutine of t, between enter and leave.
func start(t *Thread, body interface{ run() }) error {
	c := engine.Current()
	if c == nil {
		if err := reserve(); err != nil {
			return err
		}
		go body.run()
		return nil
	}
	return startOn(c, t, run, body)
}

// startOn is start of a thread of the model, by its thread c.
func startOn(c *engine.Thread, t *Thread, run func(_, body any), body any) error {
	if most := limit.Load(); most != 0 && int64(c.Alive()) >= most {
		return &LimitError{int(most)}
	}
	t.engineThread = c.Spawn(run, t, body)
	t.engineThread.SetName(t.name)
	t.number.Store(t.engineThread.Number())
	return nil
}

func run(_, body any) { body.(interface{ run() }).run() }

// enter is the first thing that a started goroutine does.
func enter(t *Thread) {
	if t.engineThread != nil {
		return
	}
	id := goid.Get()
	t.number.Store(id)
	threads.add(id, t)
}

// leave is the last thing that it does, before anyone learns that it has ended.
func leave(t *Thread) {
	if t.engineThread == nil {
		threads.remove(t.number.Load())
		live.Add(-1)
	}
}

func current() *Thread {
	c := engine.Current()
	if c == nil {
		return threads.find(goid.Get())
	}
	if t, ok := c.Data.(*Thread); ok {
		return t
	}
	t := new(Thread)
	t.engineThread = c
	t.number.Store(c.Number())
	t.name = "main" // any other thread was given its Thread when it was started
	c.Data = t
	return t
}

// joined notes that somebody has the thread's result.
func (t *Thread) joined() {
	if t.engineThread != nil {
		t.engineThread.MarkJoined()
	}
}

// scoped notes that a scope waits for the thread.
func (t *Thread) scoped() {
	if t.engineThread != nil {
		t.engineThread.MarkScoped()
	}
}

// abandoned reports whether a panic is the engine's way to end a thread.
func abandoned(value any) bool { return engine.Abandoned(value) }

// reportPanic is called in a panicking thread, at the panic. In the model it
// is a failure unless somebody joins the thread and so learns of it.
func reportPanic(err *PanicError) {
	if c := err.Thread.engineThread; c != nil {
		c.Panicked(err.Value, err.location)
		return
	}
	err.report()
}

func yield() {
	if c := engine.Current(); c != nil {
		c.SpinLoop()
		return
	}
	runtime.Gosched()
}

// sleep in the model is a yield: time there is whatever may pass.
func sleep(d time.Duration) {
	if c := engine.Current(); c != nil {
		c.SpinLoop()
		return
	}
	time.Sleep(d)
}
