package thread

import (
	"unsafe"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
)

// A tally counts the threads of a scope, to wait for all of them.
type tally struct {
	running word.Uintptr // how many threads run, or tallyClosed
	owner   park.Parker  // of the goroutine that waits
}

const tallyClosed = ^uintptr(0)

// begin counts a thread that is to start. It reports false if wait has returned.
func (c *tally) begin(*ending) bool {
	n := c.running.Load(word.Relaxed)
	for n != tallyClosed {
		found, ok := c.running.CompareExchange(n, n+1, word.Relaxed, word.Relaxed)
		if ok {
			return true
		}
		n = found
	}
	return false
}

// ended counts a thread that has ended.
func (c *tally) ended() {
	if c.running.FetchAdd(^uintptr(0), word.AcqRel) == 1 {
		c.owner.Unpark()
	}
}

// cancel takes back a begin of a thread that did not start.
func (c *tally) cancel(*ending) { c.ended() }

// object is what package watch takes the scope for: a lock that its threads hold.
func (c *tally) object() watch.Object {
	return watch.Object{Kind: watch.Scope, At: uintptr(unsafe.Pointer(c))}
}

// wait returns when no thread runs; none can begin after that.
func (c *tally) wait() {
	if c.running.CompareAndSwap(0, tallyClosed, word.AcqRel, word.Relaxed) {
		return
	}
	defer watch.End(watch.Begin(c.object(), watch.Alone, false))
	reason := park.ForEnd.Now()
	for !c.running.CompareAndSwap(0, tallyClosed, word.AcqRel, word.Relaxed) {
		c.owner.WaitFor(reason)
	}
}
