package lockset

import (
	"go/token"
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

// holder returns the object whose field of that class the closure fn is
// stored in, directly or through a method that sets it, in terms of the
// function around fn.
func (c *computation) holder(fn *ssa.Function, class string) Path {
	if class == "" {
		return Path{}
	}
	for _, in := range c.funcs {
		for _, b := range in.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				field, ok := st.Addr.(*ssa.FieldAddr)
				if !ok || Resolve(field).Class != class {
					continue
				}
				val := st.Val
				if t, ok := val.(*ssa.ChangeType); ok {
					val = t.X
				}
				if functionOf(val, maxDepth) == fn {
					return Resolve(field.X)
				}
				if param, ok := val.(*ssa.Parameter); ok {
					if p := c.setter(in, param, field, fn); p.Known() {
						return p
					}
				}
			}
		}
	}
	return Path{}
}

// setter looks for a call of the function set that gives it fn for the
// parameter, and returns the object whose field it sets then.
func (c *computation) setter(set *ssa.Function, param *ssa.Parameter, field *ssa.FieldAddr, fn *ssa.Function) Path {
	for _, in := range c.funcs {
		for _, b := range in.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || call.Common().StaticCallee() == nil || origin(call.Common().StaticCallee()) != set {
					continue
				}
				i := slices.Index(set.Params, param)
				if args := call.Common().Args; i < len(args) && functionOf(args[i], maxDepth) == fn {
					return c.translate(Resolve(field.X), set, call.Common())
				}
			}
		}
	}
	return Path{}
}
