package engine

import (
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// A recorder notes where in the source each step of an execution stands. That
// is slow, so an execution is recorded when it has failed, by running it again.
type recorder struct {
	of    FailureKind
	waits map[int32]source.Call // where a thread waits
	named map[string]int        // how many objects have got the name
}

func newRecorder(of FailureKind) *recorder {
	return &recorder{of: of, waits: make(map[int32]source.Call), named: make(map[string]int)}
}

// name names an object as the source does where c calls. What the source calls
// the same gets a number.
func (r *recorder) name(c source.Call) string {
	name := c.Object(r.named)
	switch {
	case c.Part == source.TokenPart && c.Takes:
		return "its token"
	case name == "":
		return c.Part
	case c.Inside && c.Part != "":
		return name + "." + c.Part
	case !c.Whole():
		return name
	}
	if r.named[name]++; r.named[name] > 1 {
		return fmt.Sprintf("%s#%d", name, r.named[name])
	}
	return name
}

// nameData names plain data: that of a lock is called what the lock is called.
func (r *recorder) nameData(c source.Call) string {
	c.Part = ""
	if strings.HasPrefix(c.API, "cell.(*UnsafeCell[") {
		return r.name(c)
	}
	return c.Object(nil)
}

// nameLocation names location l, which t uses or waits for by c.
func (r *recorder) nameLocation(t *Thread, l int32, c source.Call) {
	loc := &t.x.G.Loc[l]
	switch {
	case c.Part == source.TokenPart:
		// Who takes it is whose token it is. Others know it by what they wake.
		t.e.picture.Tokens[l] = true
		if c.Takes {
			loc.Name = t.e.shown().ThreadName(t.id) + "'s token"
		} else if loc.Name == "" {
			loc.Name = "a token"
			if o := c.Object(r.named); o != "" {
				loc.Name += " of " + o
			}
		}
	case loc.Name == "", loc.Name == c.Part:
		loc.Name = r.name(c)
	}
}

func (r *recorder) note(t *Thread) {
	x := t.x
	c := source.CalledFrom()
	n := x.G.Thr[t.id].Cur - 1
	t.e.picture.Calls[picture.At(t.id, n)] = c
	if e := &x.G.Ev[x.G.Thr[t.id].Ev[n]]; e.Loc >= 0 {
		if n > 0 && e.Kind == graph.Write && e.Has(graph.Update) {
			t.e.picture.Calls[picture.At(t.id, n-1)] = c
		}
		r.nameLocation(t, e.Loc, c)
	}
}

// noteWait notes that the thread may wait for ever where it stands.
func (t *Thread) noteWait() {
	if r := t.e.recording; r != nil {
		c := source.CalledFrom()
		r.waits[t.id] = c
		t.e.picture.Calls[picture.At(t.id, t.x.G.Thr[t.id].Cur)] = c
		if t.wait.cond != OpNone {
			r.nameLocation(t, t.wait.loc, c)
		}
	}
}

// waitsFor says what t waits for, for a report.
func (e *Engine) waitsFor(t *Thread) string {
	if r := e.recording; r != nil && t.wait.loc >= 0 && e.picture.Tokens[t.wait.loc] {
		if c := r.waits[t.id]; c.InPark() {
			return "waits for its token"
		} else if via := c.Via(); via != "" {
			return "waits in " + via
		}
	}
	return "waits for " + e.shown().Awaited(t.wait.loc)
}
