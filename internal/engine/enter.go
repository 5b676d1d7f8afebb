package engine

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// enter.go is locks as one event each: to enter is one update that waits until
// no bit of a mask is set and adds a number, as in "wait until nobody holds it,
// then set the bit of the holder". To leave is any other update.

// EventLocks says which locks are one event, and do not run the code that ships.
type EventLocks uint8

const (
	EveryLock EventLocks = iota
	SpinLocks            // those that guard a few instructions: the queue of a lock
	NoLock
)

func (l EventLocks) String() string {
	return [...]string{"locks as one event", "shipped locks over one-event spin locks", "locks as shipped"}[l]
}

// Locks says which locks are one event for the thread.
func (t *Thread) Locks() EventLocks { return t.e.opts.Locks }

// Enter waits until no bit of busy is set in the value of the object, adds
// delta, and returns what the value was.
func (t *Thread) Enter(at *Tag, init, busy, delta uint64, o Order) uint64 {
	return t.AwaitSwap(at, init, OpEnter, busy, delta, o)
}

// TryEnter is Enter if that is possible, or becomes possible before over
// reports true; nil is at once. What it sees when it fails may be out of date.
func (t *Thread) TryEnter(at *Tag, init, busy, delta uint64, o Order, over func() bool) bool {
	_, ok := t.UpdateUntil(at, init, &Update{Op: OpEnter, Expected: busy, Arg: delta, Order: o, Fail: Relaxed}, OpEnter, over)
	return ok
}

// holder says who has entered the object that t waits to enter, for a report.
func (e *Engine) holder(t *Thread) string {
	if t.wait.cond != OpEnter {
		return ""
	}
	g := e.x.G
	co := g.Loc[t.wait.loc].CO
	for p := len(co) - 1; p > 0; p-- {
		w := &g.Ev[co[p]]
		if w.Val&t.wait.expected == 0 {
			return ""
		}
		if read := &g.Ev[g.Thr[w.Thr].Ev[max(w.Idx-1, 0)]]; !w.Has(graph.Update) || read.Op != OpEnter {
			continue // poisoned, say, by who holds it
		}
		at := source.Short(e.picture.Calls[picture.At(w.Thr, w.Idx)].At)
		if w.Thr == t.id {
			return fmt.Sprintf(", which it has locked itself at %s", at)
		}
		return fmt.Sprintf(", which %s has locked at %s", e.shown().ThreadName(w.Thr), at)
	}
	return ""
}
