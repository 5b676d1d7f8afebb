package parallel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// told tells whether o, of which it is not known whom it waits for, may have
// waited until A is over: somebody who knows that must have said so, to code
// that is not in the tree.
func (v *view) told(o *op) bool {
	t, th := v.t, v.a.Thread
	if len(v.a.locks) > 0 || len(t.tellers) > maxTellers || th.Parent == nil && t.lost {
		return true
	}
	if v.toldByCaller(o) {
		return true
	}
	if th.handle != nil && th.handle.escaped {
		return true
	}
	for _, g := range th.group {
		if g.Obj.escaped {
			return true
		}
	}
	if v.leavesWord() {
		return true
	}
	silent := v.maySayNothing() || v.doneBefore(o)
	for _, r := range t.tellers {
		if v.knownAt(r, o) && !(silent && r.thread == th) {
			return true
		}
	}
	return false
}

// toldByCaller tells whether the caller of the root function may say that A is
// over, to code that o waits for: the root function knows it when it returns,
// and o's goroutine may live on.
//
// A variable of the root function that only it and its goroutines know is
// gone by then for everybody else. Code that a method or a function of another
// package stands for, and that is given no function or channel with which to
// be told, is not taken to wait until after the root function has returned.
func (v *view) toldByCaller(o *op) bool {
	t, root := v.t, v.t.Threads[0]
	if v.end[node{root, own}]&after == 0 || o.thread == root || t.joinedAfter(o.thread, nil) {
		return false
	}
	local := v.obj.Kind == Variable && !v.obj.escaped && v.a.Thread == root
	return !local || !fixedCall(o)
}

// fixedCall tells whether o is the call of a method, or of a function by its
// name, that is given no function or channel.
func fixedCall(o *op) bool {
	call, ok := o.Instr.(*ssa.Call)
	if !ok || o.kind != opUnknown || !call.Call.IsInvoke() && call.Call.StaticCallee() == nil {
		return false
	}
	return !slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool {
		switch a.Type().Underlying().(type) {
		case *types.Chan, *types.Signature:
			return true
		}
		return false
	})
}

// maySayNothing tells whether A's goroutine can come to its end from A on
// without saying anything to code outside of the tree. Who waits for what it
// says on other ways would wait for good then, so that nobody does.
func (v *view) maySayNothing() bool {
	if v.quiet != 0 {
		return v.quiet > 0
	}
	v.quiet = -1
	p := v.a.Point
	if _, deferred := p.Instr.(*ssa.Defer); deferred {
		return false
	}
	if v.t.quietEnd(p) {
		v.quiet = 1
	}
	return v.quiet > 0
}

// quietEnd tells whether the goroutine of p can end from there on without any
// operation that may tell code outside of the tree something.
func (t *Tree) quietEnd(p Point) bool {
	instr := p.Instr
	for f := p.Frame; ; f = f.Parent {
		if !f.quietFrom(instr) {
			return false
		}
		if f.Parent == nil {
			return true
		}
		if instr = f.Site; f.deferred {
			return false
		}
	}
}

// quietFrom is quietEnd within one function.
func (f *Frame) quietFrom(instr ssa.Instruction) bool {
	from := f.place(instr)
	loud := map[int]bool{}
	for b, events := range f.blocks {
		for _, e := range events {
			if !f.tree.speaks(e, 0) {
				continue
			}
			at := place{b, 0}
			if b != f.exit() {
				at = f.place(e.instr)
			}
			if b != from.block || at.index > from.index {
				loud[b] = true
			}
		}
	}
	if loud[from.block] || loud[f.exit()] {
		return false
	}
	for edge, ops := range f.edgeOps {
		if slices.ContainsFunc(ops, (*op).says) {
			loud[edge[1]] = true
		}
	}
	return f.reachAvoiding(from.block, loud)[f.exit()]
}

// speaks tells whether e may tell code outside of the tree something.
func (t *Tree) speaks(e event, depth int) bool {
	switch {
	case e.op != nil:
		return e.op.says()
	case e.access != nil:
		return e.access.Atomic && e.access.Write
	case e.lock != nil, len(e.threads) > 0, depth > maxDepth:
		return true
	}
	for _, f := range e.frames {
		for _, events := range f.blocks {
			if slices.ContainsFunc(events, func(e event) bool { return t.speaks(e, depth+1) }) {
				return true
			}
		}
	}
	return false
}

// doneBefore tells whether A's goroutine has itself, before A, done what o
// does: call the same function. That came back although A was not over, so
// that it is nothing which waits for A's goroutine to have done A.
func (v *view) doneBefore(o *op) bool {
	call, ok := o.Instr.(*ssa.Call)
	if !ok || o.kind != opUnknown || o.thread == v.a.Thread {
		return false
	}
	callee := api.Callee(&call.Call)
	if callee == nil {
		return false
	}
	return slices.ContainsFunc(v.t.tellers, func(r *op) bool {
		earlier, ok := r.Instr.(*ssa.Call)
		return ok && r.thread == v.a.Thread && api.Callee(&earlier.Call) == callee && v.t.precedes(r.Point, v.a.Point)
	})
}

// leavesWord tells whether the goroutine of A, after A, unlocks or writes
// atomically what code outside of the tree can look at.
func (v *view) leavesWord() bool {
	if v.word != 0 {
		return v.word > 0
	}
	v.word = -1
	for _, r := range v.t.unlocks {
		if r.on.Obj.escaped && r.thread == v.a.Thread && v.t.reach(v.a.Point, r.Point, nil) {
			v.word = 1
		}
	}
	for _, w := range v.t.atomics {
		if w.Thread == v.a.Thread && w.At[0].Obj.escaped && v.t.reach(v.a.Point, w.Point, nil) {
			v.word = 1
		}
	}
	return v.word > 0
}

// maxTellers is how many operations may say something, before somebody is
// taken to have done so.
const maxTellers = 60

// noteTellers notes the operations that may tell other code something.
func (t *Tree) noteTellers() {
	t.noteLost()
	for _, o := range t.ops {
		if o.says() {
			t.tellers = append(t.tellers, o)
		}
	}
	for _, a := range t.accesses {
		if a.Atomic && a.Write {
			t.atomics = append(t.atomics, a)
		}
	}
}

// joinedAfter tells whether th has ended, if it was started, whenever p
// happens after the start, in the goroutine of the root function; or, if p is
// nil, whenever the root function returns. A return that comes before the
// start has nothing to wait for, and does not count.
func (t *Tree) joinedAfter(th *Thread, p *Point) bool {
	root := t.Threads[0]
	for th.Parent != nil && th.Parent != root {
		if !t.joins(th, nil) {
			return false
		}
		th = th.Parent
	}
	return th.Parent == root && t.joins(th, p)
}

// joins tells whether the goroutine that starts th waits for it on every way
// from there to p, or to its end.
func (t *Tree) joins(th *Thread, p *Point) bool {
	return slices.ContainsFunc(t.ops, func(w *op) bool {
		return w.kind == opWait && w.thread == th.Parent && w.on.Obj != nil && t.awaits(w, th) && t.between(th.Site, w.Point, p)
	})
}

// awaits tells whether th is one of those that w waits for.
func (t *Tree) awaits(w *op, th *Thread) bool {
	if slices.ContainsFunc(th.group, func(g Ref) bool { return g.Obj == w.on.Obj && g.Path == w.on.Path }) {
		return true
	}
	return slices.ContainsFunc(t.ops, func(d *op) bool { return d.kind == opDone && d.thread == th && d.on == w.on })
}

// between tells whether every way from one point of a goroutine to another, or
// to its end, passes w.
func (t *Tree) between(from, w Point, to *Point) bool {
	f, fi, wi := lift(from, w)
	for g := w.Frame; g != f; g = g.Parent {
		instr, _ := within(g, w)
		if !g.always(g.place(instr)) {
			return false
		}
	}
	start, wait := f.place(fi), f.place(wi)
	var end place
	if to != nil {
		instr, ok := within(f, *to)
		if !ok {
			return false
		}
		end = f.place(instr)
	} else if f.Parent != nil || f.Thread.Entry != f {
		return false
	} else {
		end = place{f.exit(), 0}
	}
	if wait.block == start.block && wait.index > start.index {
		return !(end.block == start.block && start.index < end.index && end.index <= wait.index)
	}
	if end.block == start.block && end.index > start.index {
		return false
	}
	if wait.block == end.block {
		return wait.index < end.index
	}
	if wait.block == start.block {
		return false
	}
	return !f.reachAvoiding(start.block, map[int]bool{wait.block: true})[end.block]
}

// noteLost notes whether a goroutine is started that is not followed.
func (t *Tree) noteLost() {
	for _, f := range t.Frames {
		for _, b := range f.Fn.Blocks {
			for _, instr := range b.Instrs {
				if start, ok := instr.(*ssa.Go); ok && len(f.spawns[start]) == 0 {
					t.lost = true
				}
			}
		}
	}
}

// says tells whether r may tell code outside of the tree something.
func (o *op) says() bool {
	switch o.kind {
	case opUnknown:
		return true
	case opSend, opRecv, opClose, opDone:
		return o.vague || o.on.Obj == nil || o.on.Obj.Kind != Variable
	}
	return false
}

// knownAt tells whether A may be over when r happens, and r before o.
func (v *view) knownAt(r, o *op) bool {
	if r.thread == o.thread && v.t.instances(r.thread, nil) <= 1 && (r.Point == o.Point || !v.t.reach(r.Point, o.Point, nil)) {
		return false
	}
	if r.thread == v.t.Threads[0] && o.thread != r.thread && v.t.joinedAfter(o.thread, &r.Point) {
		return false // o's goroutine is over by then, or not started yet
	}
	if r.thread == v.a.Thread && v.t.reach(v.a.Point, r.Point, nil) {
		return true
	}
	at := v.ops[r]
	return at != nil && (at[own]|at.others())&after != 0
}
