package engine

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// A recorder notes where in the source each step of an execution stands. That
// is slow, so an execution is recorded when it has failed, by running it again.
type recorder struct {
	of    FailureKind
	waits map[int32]call // where a thread waits
	named map[string]int // how many objects have got the name
}

func newRecorder(of FailureKind) *recorder {
	return &recorder{of: of, waits: make(map[int32]call), named: make(map[string]int)}
}

// name names an object as the source does where c calls. What the source calls
// the same gets a number.
func (r *recorder) name(c call) string {
	name := c.object(r.named)
	switch {
	case c.part == tokenPart && c.takes:
		return "its token"
	case name == "":
		return c.part
	case c.inside && c.part != "":
		return name + "." + c.part
	case !c.whole():
		return name
	}
	if r.named[name]++; r.named[name] > 1 {
		return fmt.Sprintf("%s#%d", name, r.named[name])
	}
	return name
}

// nameData names plain data: that of a lock is called what the lock is called.
func (r *recorder) nameData(c call) string {
	c.part = ""
	if strings.HasPrefix(c.api, "cell.(*UnsafeCell[") {
		return r.name(c)
	}
	return c.object(nil)
}

// nameLocation names location l, which t uses or waits for by c.
func (r *recorder) nameLocation(t *Thread, l int32, c call) {
	loc := &t.x.g.Loc[l]
	switch {
	case c.part == tokenPart:
		// Who takes it is whose token it is. Others know it by what they wake.
		t.x.tokens[l] = true
		if c.takes {
			loc.Name = t.x.threadName(t.id) + "'s token"
		} else if loc.Name == "" {
			loc.Name = "a token"
			if o := c.object(r.named); o != "" {
				loc.Name += " of " + o
			}
		}
	case loc.Name == "", loc.Name == c.part:
		loc.Name = r.name(c)
	}
}

func (r *recorder) note(t *Thread) {
	x := t.x
	c := calledFrom()
	n := x.g.Thr[t.id].Cur - 1
	x.calls[place{t.id, n}] = c
	if e := &x.g.Ev[x.g.Thr[t.id].Ev[n]]; e.Loc >= 0 {
		if n > 0 && e.Kind == graph.Write && e.Has(graph.Update) {
			x.calls[place{t.id, n - 1}] = c
		}
		r.nameLocation(t, e.Loc, c)
	}
}

// noteWait notes that the thread may wait for ever where it stands.
func (t *Thread) noteWait() {
	if r := t.e.recording; r != nil {
		c := calledFrom()
		r.waits[t.id] = c
		t.x.calls[place{t.id, t.x.g.Thr[t.id].Cur}] = c
		if t.wait.cond != OpNone {
			r.nameLocation(t, t.wait.loc, c)
		}
	}
}

// waitsFor says what t waits for, for a report.
func (e *Engine) waitsFor(t *Thread) string {
	if r := e.recording; r != nil && t.wait.loc >= 0 && e.x.tokens[t.wait.loc] {
		if c := r.waits[t.id]; c.inPark() {
			return "waits for its token"
		} else if via := c.via(); via != "" {
			return "waits in " + via
		}
	}
	return "waits for " + e.x.awaited(t.wait.loc)
}
