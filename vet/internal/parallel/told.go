package parallel

import "slices"

// told tells whether o, of which it is not known whom it waits for, may have
// waited until A is over: somebody who knows that must have said so, to code
// that is not in the tree.
func (v *view) told(o *op) bool {
	t, th := v.t, v.a.Thread
	if th.Parent == nil || len(v.a.locks) > 0 || len(t.tellers) > maxTellers {
		return true
	}
	if root := t.Threads[0]; o.thread != root && v.end[node{root, own}]&after != 0 && !t.outlived(o.thread) {
		return true // the caller of the root function says it
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
	for _, r := range t.tellers {
		if v.knownAt(r, o) {
			return true
		}
	}
	return false
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

// outlived tells whether the root function returns only when th has ended.
func (t *Tree) outlived(th *Thread) bool {
	for _, w := range t.ops {
		if w.kind != opWait || w.thread.Parent != nil || w.on.Obj == nil || !t.everyWay(w.Point) {
			continue
		}
		if slices.ContainsFunc(th.group, func(g Ref) bool { return g.Obj == w.on.Obj && g.Path == w.on.Path }) {
			return true
		}
		for _, d := range t.ops {
			if d.kind == opDone && d.thread == th && d.on == w.on {
				return true
			}
		}
	}
	return false
}

// everyWay tells whether p happens whenever the root function returns.
func (t *Tree) everyWay(p Point) bool {
	instr := p.Instr
	for f := p.Frame; f != nil; f = f.Parent {
		if !f.always(f.place(instr)) {
			return false
		}
		if f.Parent != nil {
			instr = f.Site
		}
	}
	return true
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
	if r.thread == v.a.Thread && v.t.reach(v.a.Point, r.Point, nil) {
		return true
	}
	at := v.ops[r]
	return at != nil && (at[own]|at.others())&after != 0
}
