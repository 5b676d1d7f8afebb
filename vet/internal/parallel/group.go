package parallel

import (
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// wrapped are the operations on groups that a function of another package
// makes, if they are known and so are the groups; otherwise nil. What else it
// may do is not known to order anything, or to order nothing.
func (t *Tree) wrapped(f *Frame, site ssa.CallInstruction) []*op {
	var ops []*op
	known, all := t.starts.GroupOps(site.Common())
	if !all && len(known) > 0 {
		ops = append(ops, &op{Point: Point{f, site}, kind: opUnknown, thread: f.Thread})
	}
	for _, g := range known {
		on := inside(t.places(f, site.Common().Args[g.At.Param]), g.At.Fields)
		if len(on) != 1 || on[0].Obj.perLoad && !called(on[0].Obj) {
			return nil
		}
		o := &op{Point: Point{f, site}, thread: f.Thread, on: on[0], vague: on[0].Obj.escaped}
		switch g.Kind {
		case goroutine.Add:
			o.kind = opAdd
		case goroutine.Done:
			o.kind = opDone
		case goroutine.Wait:
			o.kind = opWait
		}
		ops = append(ops, o)
	}
	return ops
}

// wrappedLock is the lock that a function of another package takes for its
// caller, or gives back; nil if it does not, or if that is not known.
func (t *Tree) wrappedLock(f *Frame, call *ssa.CallCommon) *lockEvent {
	takes, frees := t.locks.Wrapped(call)
	l := &lockEvent{take: len(takes) > 0, write: true}
	for _, r := range append(takes, frees...) {
		on := inside(t.places(f, call.Args[r.Arg]), r.Fields)
		if len(on) == 0 {
			return nil
		}
		l.on = append(l.on, on...)
		l.write = l.write && !r.Shared
	}
	if len(l.on) == 0 {
		return nil
	}
	return l
}

// called tells whether o is what a call has returned: it is the same object
// wherever that result is used.
func called(o *Object) bool {
	_, ok := o.Instr.(*ssa.Call)
	return ok
}

// inside follows fields from each location. A pointer among them is not
// loaded: it always means the same, and so it is a place of its own.
func inside(at []Location, fields []int) []Location {
	for _, i := range fields {
		step := ".*"
		if i != goroutine.Pointed {
			step = fieldPath(i)
		}
		at = extend(at, step)
	}
	return at
}
