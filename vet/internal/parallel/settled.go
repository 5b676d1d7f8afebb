package parallel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// settled reports whether a and b cannot both happen, since they are behind
// branches on fields that keep the value which they got when their object was
// made: an option that is on for the one and off for the other, or one whose
// value is known and leads elsewhere.
func (t *Tree) settled(a, b *Access) bool {
	of := func(x *Access) []*condition {
		found := t.outcomes(x)
		for th := x.Thread; th.Parent != nil; th = th.Parent {
			found = append(found[:len(found):len(found)], t.outcomesAt(th.Site)...)
		}
		return found
	}
	first, second := of(a), of(b)
	for _, c := range first {
		if t.never(c) {
			return true
		}
		for _, d := range second {
			if c.excludes(d) && t.sameSource(c, d) {
				return true
			}
		}
	}
	for _, d := range second {
		if t.never(d) {
			return true
		}
	}
	return false
}

// never reports whether c cannot come out as it does, by what its variable
// holds whenever it is looked at: the value with which the object was made, or
// that which it got before others knew of it. What is written later does not
// count, and what others may write elsewhere excludes the variable.
func (t *Tree) never(c *condition) bool {
	if c.at.Obj == nil || c.at.Obj.Kind != Variable || c.vague || c.atomic || t.several(c.at.Obj) {
		return false
	}
	if by, ok := t.lookedThrough(c); !ok || by != (argument{}) {
		return false
	}
	var before []*Access
	for _, w := range t.writesTo(c.at) {
		if t.private(w, c.at.Obj) || t.mayPrecede(w.Point, c.look) {
			before = append(before, w)
		}
	}
	if c.at.Obj.escaped && !t.fixed(c.at) {
		return false
	}
	if len(before) == 0 {
		val, known := initial(c.at)
		return known && !c.holds(val)
	}
	w := before[0]
	if len(before) > 1 || w.stored == nil || len(w.At[0].Path) != len(c.at.Path) || !t.private(w, c.at.Obj) {
		return false
	}
	// Others look behind what has given them the object, which comes behind w.
	if w.Frame.Thread == c.look.Frame.Thread && !t.precedes(w.Point, c.look) {
		return false
	}
	val, known := w.Frame.flagConstant(w.stored)
	return known && !c.holds(val)
}

// mayPrecede reports whether p may happen before q does: not if p comes behind q
// in one goroutine, or in one that is only started behind q.
func (t *Tree) mayPrecede(p, q Point) bool {
	if t.instances(q.Frame.Thread, nil) > 1 {
		return true
	}
	for th := p.Frame.Thread; ; p, th = th.Site, th.Parent {
		if th == q.Frame.Thread {
			return t.reach(p, q, nil)
		}
		if th.Parent == nil {
			return true
		}
	}
}

// excludes reports whether no value lets both c and d come out as they do.
func (c *condition) excludes(d *condition) bool {
	if c.computed || d.computed || c.vague || d.vague || c.atomic || d.atomic {
		return false
	}
	look, ok := c.look.Instr.(ssa.Value)
	if c.at.Obj == nil {
		look, ok = c.val.val, true
	}
	if !ok {
		return false
	}
	var values []constant.Value
	if basic, ok := look.Type().Underlying().(*types.Basic); ok && basic.Info()&types.IsBoolean != 0 {
		values = []constant.Value{constant.MakeBool(true), constant.MakeBool(false)}
	}
	for _, v := range append(c.against[:len(c.against):len(c.against)], d.against...) {
		switch {
		case v == null:
			values = append(values, null, constant.MakeString("not nil"))
		case v.Kind() == constant.Int:
			one := constant.MakeInt64(1)
			values = append(values, v, constant.BinaryOp(v, token.ADD, one), constant.BinaryOp(v, token.SUB, one))
		case v.Kind() == constant.Bool:
		default:
			return false
		}
	}
	for _, v := range values {
		if c.holds(v) && d.holds(v) {
			return false
		}
	}
	return len(values) > 0
}

// sameSource reports whether c and d look at the same: at one value, or at
// fields and variables that keep what they got from one.
func (t *Tree) sameSource(c, d *condition) bool {
	a, byA, ok := t.source(c)
	if !ok {
		return false
	}
	b, byB, ok := t.source(d)
	return ok && a == b && byA == byB
}

// lookedThrough is through for the place at which c looks.
func (t *Tree) lookedThrough(c *condition) (by argument, ok bool) {
	load, ok := c.look.Instr.(*ssa.UnOp)
	if !ok {
		return argument{}, false
	}
	return t.through(c.look.Frame, load.X)
}

// maxCopies is how many copies a value is followed through.
const maxCopies = 4

// source is where what c looks at has got its only value: an argument or a Ref,
// which by may lead to; see through.
func (t *Tree) source(c *condition) (from any, by argument, ok bool) {
	if c.at.Obj == nil {
		return c.val, argument{}, true
	}
	at := c.at
	by, ok = t.lookedThrough(c)
	if !ok || t.several(at.Obj) || !t.fixed(at) || t.writtenAfter(at, c.look) {
		return nil, argument{}, false
	}
	for range maxCopies {
		writes := t.writesTo(at)
		if len(writes) != 1 || writes[0].stored == nil {
			break
		}
		w := writes[0]
		rest, within := strings.CutPrefix(at.Path, w.At[0].Path)
		if !within {
			break
		}
		load, isLoad := w.stored.(*ssa.UnOp)
		if isLoad && load.Op == token.MUL {
			next, ok := t.single(w.Frame, load.X)
			if !ok {
				break
			}
			over, ok := t.through(w.Frame, load.X)
			if next.Path += rest; !ok || t.several(next.Obj) || !t.fixed(next) || t.writtenAfter(next, Point{w.Frame, load}) {
				break
			}
			at, by = next, over
			continue
		}
		if rest == "" {
			if g, x := w.Frame.origin(w.stored); t.once(g, x) {
				return argument{g, x}, argument{}, true
			}
		}
		break
	}
	return at, by, true
}

// writtenAfter reports whether what is at the place may be written after look: by the
// goroutine that alone knows of it, which may look again.
func (t *Tree) writtenAfter(at Ref, look Point) bool {
	return slices.ContainsFunc(t.writesTo(at), func(w *Access) bool { return t.mayPrecede(look, w.Point) })
}

// fixed reports whether what is at the place is only written while nobody else
// knows of its object: in the tree, and in the package where others may have it.
func (t *Tree) fixed(at Ref) bool {
	for _, w := range t.writesTo(at) {
		if !t.private(w, at.Obj) {
			return false
		}
	}
	if at.Obj.Kind == Variable && !at.Obj.escaped {
		return true
	}
	if at.Path == "" {
		return false
	}
	typ := elem(at.Obj.typ)
	for _, step := range steps(at.Path) {
		st, ok := typ.Underlying().(*types.Struct)
		if !ok {
			return false
		}
		f := stepField(st, step)
		if f == nil || t.changes(f) {
			return false
		}
		typ = f.Type()
	}
	return true
}
