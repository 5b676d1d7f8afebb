package parallel

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// partners tells what is done with a channel anywhere in the tree.
type partners struct{ sends, receives, closes bool }

// channels lists what is done with each channel that only the tree uses.
func (t *Tree) channels() map[Ref]*partners {
	found := map[Ref]*partners{}
	of := func(f *Frame, v ssa.Value) []*partners {
		var out []*partners
		for _, r := range t.of(f, v).at("") {
			r.part = ""
			if found[r] == nil {
				found[r] = &partners{}
			}
			out = append(out, found[r])
		}
		return out
	}
	for _, f := range t.Frames {
		for _, b := range f.Fn.Blocks {
			for _, instr := range b.Instrs {
				switch x := instr.(type) {
				case *ssa.Send:
					for _, p := range of(f, x.Chan) {
						p.sends = true
					}
				case *ssa.UnOp:
					if x.Op == token.ARROW {
						for _, p := range of(f, x.X) {
							p.receives = true
						}
					}
				case *ssa.Select:
					for _, s := range x.States {
						for _, p := range of(f, s.Chan) {
							p.sends = p.sends || s.Dir == types.SendOnly
							p.receives = p.receives || s.Dir == types.RecvOnly
						}
					}
				case ssa.CallInstruction:
					if b, ok := x.Common().Value.(*ssa.Builtin); ok && b.Name() == "close" {
						for _, p := range of(f, x.Common().Args[0]) {
							p.closes = true
						}
					}
				}
			}
		}
	}
	return found
}

// ready tells whether a case of a select can ever proceed: somebody may be at
// the other end of its channel.
func (t *Tree) ready(f *Frame, s *ssa.SelectState) bool {
	targets := t.of(f, s.Chan).at("")
	if len(targets) == 0 {
		c, isConst := s.Chan.(*ssa.Const)
		return !isConst || !c.IsNil()
	}
	for _, r := range targets {
		r.part = ""
		p := t.channelUse[r]
		if p == nil || r.Obj.escaped || r.Obj.Kind != Variable {
			return true
		}
		if s.Dir == types.SendOnly {
			if capacity, ok := capacityOf(r.Obj); p.receives || p.closes || !ok || capacity > 0 {
				return true
			}
		} else if p.sends || p.closes {
			return true
		}
	}
	return false
}

// capacityOf is the buffer size of a channel, if that is known.
func capacityOf(o *Object) (int64, bool) {
	m, ok := o.Instr.(*ssa.MakeChan)
	if !ok || o.Frame == nil {
		return 0, false
	}
	return o.Frame.int(m.Size)
}

// onlyCase is the case that a select must take, or -1.
func (t *Tree) onlyCase(f *Frame, x *ssa.Select) int {
	if !x.Blocking {
		return -1
	}
	only := -1
	for i, s := range x.States {
		if t.ready(f, s) {
			if only >= 0 {
				return -1
			}
			only = i
		}
	}
	return only
}

// neverReady is the side of cond that is never taken since the case of a
// select cannot proceed (0), or since the other cases cannot (1); else -1.
func (f *Frame) neverReady(t *Tree, cond *ssa.If) int {
	sel, i := selectCase(cond)
	if sel == nil || i >= len(sel.States) {
		return -1
	}
	if !t.ready(f, sel.States[i]) {
		return 0
	}
	if !sel.Blocking {
		return -1
	}
	for _, s := range sel.States[i+1:] {
		if t.ready(f, s) {
			return -1
		}
	}
	return 1 // the last case that can be: without a default it is this one
}

// escape finds the objects that code outside of the tree can reach.
func (t *Tree) escape() {
	var work []*Object
	mark := func(v value) {
		for _, s := range v {
			for _, r := range s.set {
				if !r.Obj.escaped {
					r.Obj.escaped = true
					work = append(work, r.Obj)
				}
			}
		}
	}
	for _, o := range t.objects {
		if o.Kind == Unknown {
			mark(o.mem)
		}
		if g, ok := o.Instr.(*ssa.Global); ok {
			if g.Object() == nil || g.Object().Exported() {
				o.escaped = true
				mark(o.mem)
			}
		}
	}
	for _, f := range t.Frames {
		for _, b := range f.Fn.Blocks {
			for _, instr := range b.Instrs {
				switch x := instr.(type) {
				case *ssa.Return:
					if f == t.Root {
						for _, r := range x.Results {
							mark(t.of(f, r))
						}
					}
				case ssa.CallInstruction:
					t.escapeCall(f, x, mark)
				}
			}
		}
	}
	for len(work) > 0 {
		o := work[len(work)-1]
		work = work[:len(work)-1]
		mark(o.mem)
	}
}

// escapeCall marks what a call hands to code outside of the tree.
func (t *Tree) escapeCall(f *Frame, site ssa.CallInstruction, mark func(value)) {
	call := site.Common()
	if _, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		return
	}
	if len(f.calls[site]) > 0 && !f.opaque[site] || len(f.spawns[site]) > 0 {
		return
	}
	if keepsNothing(call) {
		return
	}
	for i, a := range call.Args {
		if !t.starts.Lent(call, i) {
			mark(t.of(f, a))
		}
	}
}
