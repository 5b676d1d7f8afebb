package parallel

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A latch is a variable that changes one way only: no write in the tree stores
// what some branch asks for. Two habits that keep accesses apart rest on one:
// a single winner of a compare-and-swap, and a flag that is raised and looked
// at under one lock. The writes are looked at; a write elsewhere, to a variable
// that comes from outside, is not seen, and a race behind one may be missed.

// latched reports whether a latch keeps a and b, accesses to o by two
// goroutines, apart or in order.
func (t *Tree) latched(a, b *Access, o *Object) bool {
	return t.oneWinner(a, b, o) || t.raisedBefore(a, b, o) || t.raisedBefore(b, a, o)
}

// oneWinner reports whether a and b each happen only after a compare-and-swap
// of one variable from one value, which is never stored again. At most one
// of all such operations succeeds, so that no two goroutines come that far.
func (t *Tree) oneWinner(a, b *Access, o *Object) bool {
	for _, wa := range t.outcomes(a) {
		old, ok := wa.expected()
		if !ok || !t.latch(wa, o) {
			continue
		}
		for _, wb := range t.outcomes(b) {
			same, ok := wb.expected()
			if ok && wa.at == wb.at && constant.Compare(old, token.EQL, same) {
				return true
			}
		}
	}
	return false
}

// raisedBefore reports whether late comes behind a write of a flag, with a
// lock held, and early has seen with that lock, which it still holds, that the
// flag had not been written. Then early's turn with the lock was the first, and
// early is over when the flag is written: had it been the second, it would have
// seen the flag, which nobody takes back.
func (t *Tree) raisedBefore(late, early *Access, o *Object) bool {
	for _, c := range t.outcomes(early) {
		look := t.accessAt(c.look)
		if look == nil || look.Write || !t.latch(c, o) {
			continue
		}
		for _, w := range t.writesTo(c.at) {
			if !t.comesAfter(late, w) {
				continue
			}
			for l, write := range w.locks {
				mode, held := early.locks[l]
				_, looked := look.locks[l]
				if held && looked && (write || mode) && t.onePer(l.Obj, o) && !t.releasedBetween(l, c.look, early) {
					return true
				}
			}
		}
	}
	return false
}

// comesAfter reports whether w is on every way to a, in its goroutine or in
// one that has led to its start.
func (t *Tree) comesAfter(a, w *Access) bool {
	if w.Thread == a.Thread && t.precedes(w.Point, a.Point) {
		return true
	}
	for th := a.Thread; th.Parent != nil; th = th.Parent {
		if w.Thread == th.Parent && t.precedes(w.Point, th.Site) {
			return true
		}
	}
	return false
}

// releasedBetween reports whether a's goroutine may give l back between from
// and a.
func (t *Tree) releasedBetween(l Ref, from Point, a *Access) bool {
	for _, u := range t.unlocks {
		if u.on == l && u.thread == a.Thread && t.reach(from, u.Point, nil) && t.reachWithout(u.Point, a.Point, from) {
			return true
		}
	}
	return false
}

// outcomes are the branches on variables and values that have come out a certain way
// whenever a happens.
func (t *Tree) outcomes(a *Access) []*condition {
	if t.decidedBy == nil {
		t.decidedBy = map[*Access][]*condition{}
	}
	if found, ok := t.decidedBy[a]; ok {
		return found
	}
	found := t.outcomesAt(a.Point)
	t.decidedBy[a] = found
	return found
}

// outcomesAt are the same for a point.
func (t *Tree) outcomesAt(p Point) []*condition {
	var found []*condition
	f, instr := p.Frame, p.Instr
	for f != nil && !f.isBuiltin() {
		for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
			up := b.Idom()
			cond, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If)
			if !ok || len(b.Preds) > 1 || b.Preds[0] != up || up.Succs[0] == up.Succs[1] {
				continue
			}
			c, eval := t.conditionOn(f, cond.Cond, true)
			if c == nil || c.vague {
				continue
			}
			want := up.Succs[0] == b
			c.holds = func(v constant.Value) bool {
				r, ok := eval(v)
				return !ok || r.Kind() != constant.Bool || constant.BoolVal(r) == want
			}
			found = append(found, c)
		}
		if f.Parent == nil {
			break
		}
		instr, f = f.Site.(ssa.Instruction), f.Parent
	}
	return found
}

// expected is the value that a compare-and-swap which has succeeded has found.
func (c *condition) expected() (constant.Value, bool) {
	call, ok := c.look.Instr.(*ssa.Call)
	if !ok {
		return nil, false
	}
	op := atomicCall(&call.Call, api.CalleeOf(&call.Call))
	if op.kind != atomicCAS {
		return nil, false
	}
	old, ok := c.look.Frame.flagConstant(op.old)
	return old, ok && c.holds(old)
}

// latch reports whether nothing in the tree writes what c asks for, and there
// is one such variable for each o.
func (t *Tree) latch(c *condition, o *Object) bool {
	writes := t.writesTo(c.at)
	for _, w := range writes {
		if w.add || w.stored == nil || len(w.At[0].Path) != len(c.at.Path) {
			return false
		}
		val, known := w.Frame.flagConstant(w.stored)
		if !known || c.holds(val) {
			return false
		}
	}
	return len(writes) > 0 && t.onePer(c.at.Obj, o)
}

// onePer reports whether there is one object v for each o.
func (t *Tree) onePer(v, o *Object) bool {
	origin, made := v.origin()
	return !made || t.repeats(origin, o) <= 1
}

// writesTo are the writes to what at names, or to a part or the whole of it.
func (t *Tree) writesTo(at Ref) []*Access {
	var found []*Access
	for _, a := range t.accesses {
		if a.Write && len(a.At) == 1 && a.At[0].Obj == at.Obj && overlap(a.At[0].Path, at.Path) {
			found = append(found, a)
		}
	}
	return found
}

func (t *Tree) accessAt(p Point) *Access {
	for _, a := range t.accesses {
		if a.Point == p {
			return a
		}
	}
	return nil
}
