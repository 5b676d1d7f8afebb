package parallel

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// valuesBefore are the values that the variable of c may hold before A is over, as
// far as they are known: what A's goroutine has stored before A, and what those who
// started it had stored last by then, or else what was there first.
func (v *view) valuesBefore(c *condition, before map[*Thread][]*Access) (values []constant.Value) {
	for th, until := v.a.Thread, v.a.Point; th != nil; th, until = th.Parent, th.Site {
		writes, gone := before[th], false
		for _, w := range writes {
			overwritten := th != v.a.Thread && slices.ContainsFunc(writes, func(next *Access) bool {
				return next != w && !v.t.reachWithout(w.Point, until, next.Point)
			})
			if val, known := w.value(c.at); known && !w.add && !overwritten {
				values = append(values, val)
			}
			// Whoever looks may do so before A's goroutine has stored anything.
			gone = gone || th != v.a.Thread && v.t.precedes(w.Point, until)
		}
		if gone {
			return values
		}
	}
	if c.at.Obj.Kind == Variable || v.t.setHere(c.at) {
		if val, known := initial(c.at); known {
			values = append(values, val)
		}
	}
	return values
}

// neverBack reports whether every write to the variable of c lets c come out as it
// does, so that each of them is known by what it stores.
func (t *Tree) neverBack(c *condition) bool {
	for _, w := range c.writes {
		val, known := w.value(c.at)
		if w.add || !known || !c.holds(val) {
			return false
		}
	}
	return len(c.writes) > 0
}

// value is the constant that w stores, or adds, at the place.
func (a *Access) value(at Ref) (constant.Value, bool) {
	if a.stored == nil || len(a.At[0].Path) != len(at.Path) {
		return nil, false
	}
	return a.Frame.flagConstant(a.stored)
}

// setHere reports whether only functions of the tree write the field at the place,
// in an object that they were given: before they do, it is taken for zero, as in a
// new object. A field that a constructor sets, or another package may, says nothing.
func (t *Tree) setHere(at Ref) bool {
	field := lastField(at)
	if field == nil || field.Exported() {
		return false
	}
	inTree := map[*ssa.Function]bool{}
	for _, f := range t.Frames {
		inTree[f.Fn] = true
	}
	for _, fn := range t.locks.Functions() {
		if inTree[fn] {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if x, ok := instr.(*ssa.FieldAddr); ok && fieldAt(x) == field && !onlyRead(x) {
					return false
				}
			}
		}
	}
	return true
}

// lastField is the field at the place; nil if that is none.
func lastField(at Ref) (field *types.Var) {
	typ := elem(at.Obj.typ)
	for _, step := range steps(at.Path) {
		if typ == nil {
			return nil
		}
		field = nil
		if st, ok := typ.Underlying().(*types.Struct); ok {
			f := stepField(st, step)
			if f == nil {
				return nil
			}
			field = f.Origin()
		}
		typ = stepType(typ, step)
	}
	return field
}

// onlyRead reports whether the field at x is only read there.
func onlyRead(x *ssa.FieldAddr) bool {
	return !slices.ContainsFunc(*x.Referrers(), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
			return false
		case *ssa.Call:
			return atomicCall(&user.Call, api.CalleeOf(&user.Call)).kind != atomicLoad
		}
		return true
	})
}
