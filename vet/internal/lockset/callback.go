package lockset

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// stored returns what calling the closure fn does, where call calls it out of
// a field: x.f(). If fn was put into that field of an object that it captures,
// that object is x.
func (c *computation) stored(sum *Summary, call *ssa.CallCommon, fn *ssa.Function) *Summary {
	load, ok := call.Value.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || fn.Parent() == nil || len(sum.Acquires) == 0 {
		return sum
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return sum
	}
	holder := c.holder(fn, Resolve(field).Class)
	if !holder.Known() {
		return sum
	}
	base := Resolve(field.X)
	out := *sum
	out.Acquires = slices.Clone(sum.Acquires)
	for i := range out.Acquires {
		e := &out.Acquires[i]
		if e.Lock.Root == holder.Root && len(e.Lock.sel) >= len(holder.sel) && e.Lock.sel[:len(holder.sel)] == holder.sel {
			e.Lock.sel = e.Lock.sel[len(holder.sel):]
			e.Lock = e.Lock.rebase(base)
		}
	}
	return &out
}

// A funcStore puts the function val into a field.
type funcStore struct {
	in    *ssa.Function
	field *ssa.FieldAddr
	val   ssa.Value
}

// findStores notes where functions are put into fields, by the field's class,
// and where functions are called.
func (c *computation) findStores() {
	c.stores = map[string][]funcStore{}
	c.callers = map[*ssa.Function][]*ssa.CallCommon{}
	for _, in := range c.funcs {
		for _, b := range in.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if callee := call.Common().StaticCallee(); callee != nil {
						c.callers[origin(callee)] = append(c.callers[origin(callee)], call.Common())
					}
					continue
				}
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				field, ok := st.Addr.(*ssa.FieldAddr)
				if _, isFunc := st.Val.Type().Underlying().(*types.Signature); !ok || !isFunc {
					continue
				}
				val := st.Val
				if t, ok := val.(*ssa.ChangeType); ok {
					val = t.X
				}
				if class := Resolve(field).Class; class != "" {
					c.stores[class] = append(c.stores[class], funcStore{in, field, val})
				}
			}
		}
	}
}

// holder returns the object whose field of that class the closure fn is
// stored in, directly or through a method that sets it, in terms of the
// function around fn.
func (c *computation) holder(fn *ssa.Function, class string) Path {
	if c.stores == nil {
		c.findStores()
	}
	for _, st := range c.stores[class] {
		if functionOf(st.val, maxDepth) == fn {
			return Resolve(st.field.X)
		}
		if param, ok := st.val.(*ssa.Parameter); ok {
			if p := c.setter(st.in, param, st.field, fn); p.Known() {
				return p
			}
		}
	}
	return Path{}
}

// setter looks for a call of the function set that gives it fn for the
// parameter, and returns the object whose field it sets then.
func (c *computation) setter(set *ssa.Function, param *ssa.Parameter, field *ssa.FieldAddr, fn *ssa.Function) Path {
	i := slices.Index(set.Params, param)
	for _, call := range c.callers[set] {
		if i < len(call.Args) && functionOf(call.Args[i], maxDepth) == fn {
			return c.translate(Resolve(field.X), set, call)
		}
	}
	return Path{}
}
