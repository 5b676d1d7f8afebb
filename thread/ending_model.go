//go:build fearless_model

package thread

import (
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
)

// An ending is the end of one thread, to wait for. In the model it is one
// store, which a join awaits: one event each, so that joining a thread does
// not multiply the executions of a program.
type ending struct {
	modeled engine.Ending
	handoff atomic.Pointer[handoff] // for goroutines that are no modelled threads
}

// belongs says whose end it is.
func (e *ending) belongs(t *Thread) {
	if t.engineThread != nil {
		e.modeled = t.engineThread.Ending()
	}
}

func (e *ending) thread() *engine.Thread {
	t := engine.Current()
	if t == nil {
		e.modeled.CheckForeign()
	}
	return t
}

// outside is the end of the default build, made when it is needed: a modelled
// program makes endings by the million.
func (e *ending) outside() *handoff {
	if h := e.handoff.Load(); h != nil {
		return h
	}
	e.handoff.CompareAndSwap(nil, new(handoff))
	return e.handoff.Load()
}

func (e *ending) reached() bool {
	if t := e.thread(); t != nil {
		return t.HasEnded(e.modeled)
	}
	return e.outside().reached()
}

// announce is the last that the thread does.
func (e *ending) announce() {
	if e.modeled.Finish() {
		return
	}
	e.outside().announce()
}

func (e *ending) channel() <-chan struct{} {
	if t := e.thread(); t != nil {
		t.Unsupported("JoinHandle.Done: a channel is outside of what the model explores: use Join, JoinTimeout or IsFinished")
	}
	return e.outside().channel()
}

// wait returns nil when the thread has ended, or l's error.
func (e *ending) wait(l park.Limit) error {
	t := e.thread()
	switch {
	case t == nil:
		return e.outside().wait(l)
	case l.Bounded():
		if t.EndsUntil(e.modeled, l.Over()) {
			return nil
		}
		return l.Err()
	}
	t.AwaitEnd(e.modeled)
	return nil
}

// A crew is the threads of a scope, to wait for together. The model waits for
// them one after the other: counting them would explore every order in which
// they can end.
type crew struct {
	endings []*ending
	closed  bool
	outside tally
}

// begin counts a thread that is to start. It reports false if wait has returned.
func (c *crew) begin(e *ending) bool {
	if engine.Current() == nil {
		return c.outside.begin(e)
	}
	if c.closed {
		return false
	}
	c.endings = append(c.endings, e)
	return true
}

// ended counts a thread that has ended.
func (c *crew) ended() {
	if engine.Current() == nil {
		c.outside.ended()
	}
}

// cancel takes back a begin of a thread that did not start.
func (c *crew) cancel(e *ending) {
	if engine.Current() == nil {
		c.outside.cancel(e)
		return
	}
	c.endings = c.endings[:len(c.endings)-1]
}

// object is the default build's.
func (c *crew) object() watch.Object { return watch.Object{} }

// wait returns when no thread runs; none can begin after that.
func (c *crew) wait() {
	if engine.Current() == nil {
		c.outside.wait()
		return
	}
	for i := 0; i < len(c.endings); i++ {
		_ = c.endings[i].wait(park.Limit{})
	}
	c.closed = true
}
