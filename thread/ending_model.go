//go:build fearless_model

package thread

import (
	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/park"
)

// An ending is the end of one thread, to wait for. In the model it is one
// store, which a join awaits: one event each, so that joining a thread does
// not multiply the executions of a program.
type ending struct {
	tag     engine.Tag
	outside handoff
}

func (e *ending) thread() *engine.Thread {
	t := engine.Current()
	if t == nil {
		engine.CheckForeign(&e.tag)
	}
	return t
}

func (e *ending) reached() bool {
	if t := e.thread(); t != nil {
		return t.HasEnded(&e.tag)
	}
	return e.outside.reached()
}

// announce is the last that the thread does.
func (e *ending) announce() {
	if t := e.thread(); t != nil {
		t.End(&e.tag)
		return
	}
	e.outside.announce()
}

func (e *ending) channel() <-chan struct{} {
	if t := e.thread(); t != nil {
		t.Unsupported("JoinHandle.Done: a channel is outside of what the model explores: use Join, JoinTimeout or IsFinished")
	}
	return e.outside.channel()
}

// wait returns nil when the thread has ended, or l's error.
func (e *ending) wait(l park.Limit) error {
	t := e.thread()
	switch {
	case t == nil:
		return e.outside.wait(l)
	case l.Bounded():
		if t.EndsUntil(&e.tag, l.Over()) {
			return nil
		}
		return l.Err()
	}
	t.AwaitEnd(&e.tag)
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
