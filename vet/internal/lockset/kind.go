package lockset

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A function that is put into a field of objects of one kind is not called for
// objects of another. The kind is a field that holds a constant from the time
// the object is made: nothing else assigns it, and no other package can. A
// call that happens only where the field has one value calls no function that
// is put only into objects whose field has another.

// A kind says that the field of an object equals, or does not equal, a constant.
type kind struct {
	object Path
	field  *types.Var
	val    constant.Value
	equal  bool
}

// meets reports whether the call of a function out of a field may call fn, as
// far as the kinds of objects tell.
func (c *computation) meets(instr ssa.CallInstruction, call *ssa.CallCommon, fn *ssa.Function) bool {
	field := calledField(call)
	if field == nil {
		return true
	}
	required := c.kindsAt(instr, Resolve(field.X))
	if len(required) == 0 {
		return true
	}
	if c.stores == nil {
		c.findStores()
	}
	stored := false
	for _, st := range c.stores[Resolve(field).Class] {
		if functionOf(st.val, maxDepth) != fn {
			if functionOf(st.val, maxDepth) == nil && !isNilConst(st.val) {
				return true // it may be fn
			}
			continue
		}
		stored = true
		if !slices.ContainsFunc(required, func(k kind) bool { return c.contradicts(st.field.X, k) }) {
			return true
		}
	}
	return !stored
}

// calledField is the field out of which call takes its function, or nil.
func calledField(call *ssa.CallCommon) *ssa.FieldAddr {
	load, ok := call.Value.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	field, _ := load.X.(*ssa.FieldAddr)
	return field
}

// kindsAt returns what is known of the fixed fields of object wherever instr
// is reached.
func (c *computation) kindsAt(instr ssa.Instruction, object Path) []kind {
	var out []kind
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 || d.Succs[0] == d.Succs[1] {
			continue
		}
		v, holds := branch.Cond, d.Succs[0] == b
		for {
			not, ok := v.(*ssa.UnOp)
			if !ok || not.Op != token.NOT {
				break
			}
			v, holds = not.X, !holds
		}
		k := kind{val: constant.MakeBool(true), equal: holds}
		if cmp, ok := v.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
			if value, ok := cmp.Y.(*ssa.Const); ok && value.Value != nil {
				v, k.val, k.equal = cmp.X, value.Value, holds == (cmp.Op == token.EQL)
			}
		}
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			continue
		}
		field, ok := load.X.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		k.object, k.field = Resolve(field.X), fieldVar(field)
		if k.object.Same(object) && c.isFixed(k.field) {
			out = append(out, k)
		}
	}
	return out
}

// contradicts reports whether the object that v points to is of another kind
// than k.
func (c *computation) contradicts(v ssa.Value, k kind) bool {
	val := c.madeWith(v, k.field, 4)
	return val != nil && val.Kind() == k.val.Kind() && constant.Compare(val, token.EQL, k.val) != k.equal
}

// madeWith returns the constant that the fixed field has in the object that v
// points to, where the object's making is in sight, or nil.
func (c *computation) madeWith(v ssa.Value, field *types.Var, depth int) constant.Value {
	if depth == 0 {
		return nil
	}
	switch x := v.(type) {
	case *ssa.Alloc:
		return valueIn(x, field, nil)
	case *ssa.Call:
		return c.returned(x, field, depth)
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok && x.Index == 0 {
			return c.returned(call, field, depth)
		}
	case *ssa.UnOp:
		if only := OnlyStore(x.X); only != nil {
			return c.madeWith(only, field, depth-1)
		}
	}
	return nil
}

// returned is madeWith for the object that call returns first.
func (c *computation) returned(call *ssa.Call, field *types.Var, depth int) constant.Value {
	fn := call.Call.StaticCallee()
	if fn == nil || len(origin(fn).Blocks) == 0 {
		return nil
	}
	fn = origin(fn)
	var val constant.Value
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		result := ret.Results[0]
		if isNilConst(result) {
			continue // into nil nothing is put
		}
		var one constant.Value
		if alloc, ok := Resolve(result).Root.(*ssa.Alloc); ok && Resolve(result).sel == "" {
			one = valueIn(alloc, field, func(p *ssa.Parameter) ssa.Value {
				if i := slices.Index(fn.Params, p); i >= 0 && i < len(call.Call.Args) {
					return call.Call.Args[i]
				}
				return nil
			})
		} else if inner, ok := result.(*ssa.Call); ok && depth > 1 {
			one = c.returned(inner, field, depth-1)
		}
		if one == nil || val != nil && !constant.Compare(val, token.EQL, one) {
			return nil
		}
		val = one
	}
	return val
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// valueIn returns the constant that the object alloc is given for field when it
// is made, its zero value if none. args has the arguments of parameters.
func valueIn(alloc *ssa.Alloc, field *types.Var, args func(*ssa.Parameter) ssa.Value) constant.Value {
	var val constant.Value
	given := false
	for _, ref := range *alloc.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok {
			if st, isStore := ref.(*ssa.Store); isStore && st.Addr == ssa.Value(alloc) {
				return nil // assigned as a whole
			}
			continue
		}
		if fieldVar(addr) != field {
			continue
		}
		for _, use := range *addr.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok {
				continue
			}
			v := st.Val
			if p, ok := v.(*ssa.Parameter); ok && args != nil {
				v = args(p)
			}
			c, ok := v.(*ssa.Const)
			if !ok || given || c.Value == nil || !fresh(alloc, st) {
				return nil
			}
			val, given = c.Value, true
		}
	}
	if given {
		return val
	}
	basic, ok := field.Type().Underlying().(*types.Basic)
	switch {
	case !ok:
	case basic.Info()&types.IsBoolean != 0:
		return constant.MakeBool(false)
	case basic.Info()&types.IsInteger != 0:
		return constant.MakeInt64(0)
	case basic.Info()&types.IsString != 0:
		return constant.MakeString("")
	}
	return nil
}

// fresh reports whether st happens right after alloc, which nothing else has
// seen by then.
func fresh(alloc *ssa.Alloc, st *ssa.Store) bool {
	if alloc.Block() != st.Block() {
		return false
	}
	instrs := alloc.Block().Instrs
	for _, instr := range instrs[slices.Index(instrs, ssa.Instruction(alloc))+1 : slices.Index(instrs, ssa.Instruction(st))] {
		if _, ok := instr.(*ssa.FieldAddr); ok {
			continue
		}
		for _, op := range instr.Operands(nil) {
			if *op == ssa.Value(alloc) {
				return false
			}
		}
	}
	return true
}

// isFixed reports whether field keeps the value that an object is made with:
// it is not exported, and every use of its address loads it or stores to an
// object that the same function has made. An object that is assigned as a whole
// would give it another.
func (c *computation) isFixed(field *types.Var) bool {
	if field == nil || field.Exported() || field.Pkg() != c.pass.Pkg {
		return false
	}
	if fixed, ok := c.fixed[field]; ok {
		return fixed
	}
	fixed := true
	for _, fn := range c.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch x := instr.(type) {
				case *ssa.FieldAddr:
					if fieldVar(x) == field && !readOnly(x) {
						fixed = false
					}
				case *ssa.Store:
					if hasField(x.Val.Type(), field) && !isVariable(x.Addr) {
						fixed = false
					}
				}
			}
		}
	}
	if c.fixed == nil {
		c.fixed = map[*types.Var]bool{}
	}
	c.fixed[field] = fixed
	return fixed
}

// readOnly reports whether addr, of a field, is only loaded from, or stored to
// where the object is made.
func readOnly(addr *ssa.FieldAddr) bool {
	_, made := addr.X.(*ssa.Alloc)
	for _, use := range *addr.Referrers() {
		switch use := use.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if use.Addr != ssa.Value(addr) || !made {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func hasField(t types.Type, field *types.Var) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Origin() == field {
			return true
		}
	}
	return false
}

func fieldVar(addr *ssa.FieldAddr) *types.Var {
	p, ok := addr.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	st, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(addr.Field).Origin()
}
