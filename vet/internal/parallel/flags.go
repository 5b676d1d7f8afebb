package parallel

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A condition is what a branch has found out about a variable that goroutines
// set to tell one another something, atomically or under a lock.
type condition struct {
	at      Ref
	atomic  bool
	plain   bool      // only the goroutine that looks uses it
	vague   bool      // compared with a value that is not known
	look    Point     // the operation that reads the variable
	own     ssa.Value // what the operation itself adds before it reads
	holds   func(constant.Value) bool
	writes  []*Access        // all that write to the variable
	against []constant.Value // what the value is compared with
	// computed says that something computed from the value is compared.
	computed bool
	// val is looked at, where at.Obj is nil: a value that is computed once.
	val argument
}

// null stands for the constant nil.
var null = constant.MakeString("\x00nil")

// collectFlags finds the branches on variables.
func (t *Tree) collectFlags() {
	for _, f := range t.Frames {
		for _, b := range f.Fn.Blocks {
			cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok || !f.live[b.Index] {
				continue
			}
			c, eval := t.condition(f, cond.Cond)
			if c == nil {
				continue
			}
			for side, want := range []bool{true, false} {
				this := *c
				this.holds = func(v constant.Value) bool {
					r, ok := eval(v)
					return !ok || r.Kind() != constant.Bool || constant.BoolVal(r) == want
				}
				o := &op{Point: Point{f, cond}, kind: opFlag, thread: f.Thread, on: this.at, cond: &this}
				t.ops = append(t.ops, o)
				key := [2]int{b.Index, b.Succs[side].Index}
				f.edgeOps[key] = append(f.edgeOps[key], o)
			}
		}
	}
}

// condition understands v as a function of one variable's value.
func (t *Tree) condition(f *Frame, v ssa.Value) (*condition, func(constant.Value) (constant.Value, bool)) {
	return t.conditionOn(f, v, false)
}

// conditionOn is condition which also takes a value that is computed once in
// the tree for a variable, if values.
func (t *Tree) conditionOn(f *Frame, v ssa.Value, values bool) (*condition, func(constant.Value) (constant.Value, bool)) {
	same := func(c constant.Value) (constant.Value, bool) { return c, true }
	switch x := v.(type) {
	case *ssa.BinOp:
		c, eval := t.conditionOn(f, x.X, values)
		if c == nil {
			return nil, nil
		}
		y, ok := f.flagConstant(x.Y)
		if !ok {
			c.vague = true
			return c, eval
		}
		switch x.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			c.against = append(c.against, y)
		default:
			c.computed = true
		}
		return c, func(v constant.Value) (constant.Value, bool) {
			r, ok := eval(v)
			if !ok || r.Kind() != y.Kind() {
				return nil, false
			}
			return binary(r, x.Op, y, x.X.Type())
		}
	case *ssa.UnOp:
		if x.Op == token.NOT {
			c, eval := t.conditionOn(f, x.X, values)
			if c == nil {
				return nil, nil
			}
			return c, func(v constant.Value) (constant.Value, bool) {
				r, ok := eval(v)
				if !ok || r.Kind() != constant.Bool {
					return nil, false
				}
				return constant.MakeBool(!constant.BoolVal(r)), true
			}
		}
		if x.Op != token.MUL {
			break
		}
		if at, ok := t.single(f, x.X); ok {
			return &condition{at: at, look: Point{f, x}}, same
		}
	case *ssa.Call:
		a := atomicCall(&x.Call, api.CalleeOf(&x.Call))
		if a.kind == notAtomic {
			break
		}
		at, ok := t.single(f, a.addr)
		if !ok {
			return nil, nil
		}
		c := &condition{at: at, atomic: true, look: Point{f, x}}
		switch a.kind {
		case atomicLoad:
			return c, same
		case atomicAdd:
			c.own = a.val
			return c, same
		case atomicCAS:
			if old, ok := f.flagConstant(a.old); ok {
				return c, func(v constant.Value) (constant.Value, bool) {
					if v.Kind() != old.Kind() {
						return nil, false
					}
					return constant.MakeBool(constant.Compare(v, token.EQL, old)), true
				}
			}
		}
	}
	if values {
		if g, x := f.origin(v); t.once(g, x) {
			return &condition{val: argument{g, x}}, same
		}
	}
	return nil, nil
}

func (f *Frame) flagConstant(v ssa.Value) (constant.Value, bool) {
	if v == nil {
		return nil, false
	}
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return null, true
	}
	if pointerLike(v.Type()) {
		// The address of a variable is a value of its own.
		g, at := f.origin(v)
		if c, ok := at.(*ssa.Convert); ok {
			at = c.X
		}
		if a, ok := at.(*ssa.Alloc); ok {
			return constant.MakeString(fmt.Sprintf("\x00%d.%s", g.ID, a.Name())), true
		}
		return nil, false
	}
	return f.constant(v)
}

const maxFlagValues = 24

// flagged tells whether the condition can only have come out this way by a
// store behind A.
func (v *view) flagged(o *op) bool {
	c := o.cond
	if c.plain {
		return false // see phases
	}
	if c.vague {
		// Compared with a value that is not known: take it for the one that
		// is stored behind A, if there is one.
		for _, w := range c.writes {
			if at := v.accesses[w]; c.atomic && at != nil && w.Thread == v.a.Thread && v.t.reach(v.a.Point, w.Point, nil) {
				return true
			}
		}
		return false
	}
	values := []constant.Value{}
	overwritten := v.t.overwritten(o)
	if (c.at.Obj.Kind == Variable || v.t.setHere(c.at)) && !overwritten {
		start, ok := initial(c.at)
		if !ok {
			return false
		}
		values = append(values, start)
	}
	var adds []constant.Value
	covered := false
	for _, w := range c.writes {
		own := w.Point == c.look
		if own && !w.add && v.t.repeats(w.Point, nil) == 1 {
			continue // what it stores, it stores after it has looked
		}
		n := v.uncovered(w.Point, w.Thread, v.accesses[w], c.at.Obj)
		if own && w.add {
			n = max(n, 1)
		}
		val, known := constant.Value(nil), false
		if w.stored != nil && len(w.At[0].Path) == len(c.at.Path) {
			val, known = w.Frame.flagConstant(w.stored)
		}
		if n == 0 {
			if v.seen(w) {
				covered = covered || !known || w.add || c.holds(val)
			}
			continue
		}
		switch {
		case !known || n >= many && w.add:
			return false
		case w.add:
			for range n {
				adds = append(adds, val)
			}
		default:
			values = append(values, val)
		}
	}
	for _, add := range adds {
		for _, val := range values {
			if val.Kind() != constant.Int || add.Kind() != constant.Int || len(values) > maxFlagValues {
				return false
			}
			values = append(values, constant.BinaryOp(val, token.ADD, add))
		}
	}
	for _, val := range values {
		if c.holds(val) {
			return false
		}
	}
	// If nothing of all that the variable can hold lets the condition come out
	// so, nobody comes this way at all.
	return covered || overwritten
}

// overwritten reports whether what the variable of o held first is gone when
// o's goroutine starts, and only the writes of the tree have changed it since.
func (t *Tree) overwritten(o *op) bool {
	if o.cond.at.Obj.Kind != Variable || o.cond.at.Obj.escaped {
		return false
	}
	for _, w := range o.cond.writes {
		if w.add || w.stored == nil || len(w.At[0].Path) != len(o.cond.at.Path) {
			return false
		}
		if call, ok := w.Instr.(*ssa.Call); ok && atomicCall(&call.Call, api.CalleeOf(&call.Call)).kind == atomicCAS {
			continue // it may find another value, and leave it
		}
		for th := o.thread; th.Parent != nil; th = th.Parent {
			if w.Thread == th.Parent && t.precedes(w.Point, th.Site) {
				return true
			}
		}
	}
	return false
}

// seen tells whether w happens at all, as far as the view has found.
func (v *view) seen(w *Access) bool {
	at := v.accesses[w]
	return at != nil && at[own]|at.others() != 0
}

// initial is what a variable holds before anything is stored to it.
func initial(at Ref) (constant.Value, bool) {
	typ := at.Obj.typ
	if at.Path != "" || typ == nil {
		// A field: false, zero and nil are told apart by what is stored.
		return fieldZero(at)
	}
	return zeroOf(elem(typ))
}

func fieldZero(at Ref) (constant.Value, bool) {
	typ := elem(at.Obj.typ)
	for _, step := range steps(at.Path) {
		typ = stepType(typ, step)
		if typ == nil {
			return nil, false
		}
	}
	return zeroOf(typ)
}

func elem(typ types.Type) types.Type {
	if typ == nil {
		return nil
	}
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return typ
}

func stepType(typ types.Type, step string) types.Type {
	switch u := typ.Underlying().(type) {
	case *types.Struct:
		if f := stepField(u, step); f != nil {
			return f.Type()
		}
	case *types.Array:
		return u.Elem()
	case *types.Slice:
		return u.Elem()
	}
	return nil
}

// stepField is the field of st that step leads to; nil if st has none. An object
// that is not known may be reached as a value of another type than its place says.
func stepField(st *types.Struct, step string) *types.Var {
	i, err := strconv.Atoi(step[1:])
	if err != nil || step[0] != '.' || i >= st.NumFields() {
		return nil
	}
	return st.Field(i)
}

// zeroOf is the zero value of a type. An atomic type counts as what it holds.
func zeroOf(typ types.Type) (constant.Value, bool) {
	if typ == nil {
		return nil, false
	}
	if name := api.TypeOf(typ); name.Pkg == "sync/atomic" || name.Pkg == api.Atomic {
		switch name.Name {
		case "Bool":
			return constant.MakeBool(false), true
		case "Pointer", "Ptr", "Value":
			return null, true
		}
		return constant.MakeInt64(0), true
	}
	if pointerLike(typ) {
		return null, true
	}
	return zero(typ)
}
