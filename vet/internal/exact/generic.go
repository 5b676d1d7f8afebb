package exact

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Generic code is run as it is written, once for all type arguments: a value of a type
// parameter is one cell, and is only moved. That is what every instance does whose type
// arguments are one cell each, so only those are called ([oneCell]); the layout of what
// has a type parameter in it is the same in and out of the generic code then. A body
// that does anything else with such a value, such as to add, convert or box it, or to
// call its methods, depends on which type it is, and is not run ([search.moves]).

// oneCell reports whether each type argument is kept in one cell, by itself.
func oneCell(args []types.Type) bool {
	for _, t := range args {
		if isAggregate(t) || opaqueType(t) {
			return false
		}
	}
	return true
}

// isParam reports whether t is a type parameter.
func isParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// generic reports whether fn is, or is in, a generic function.
func generic(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn.TypeParams().Len() > 0
}

// moves reports whether fn, which is generic, only moves values of its type parameters.
func (m *search) moves(fn *ssa.Function) bool {
	known, ok := m.movers[fn]
	if !ok {
		known = true
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				known = known && !dependsOnType(instr)
			}
		}
		m.movers[fn] = known
	}
	return known
}

// dependsOnType reports whether what an instruction does depends on which types the
// type parameters are.
func dependsOnType(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.BinOp:
		return isParam(x.X.Type()) || isParam(x.Y.Type())
	case *ssa.UnOp:
		return isParam(x.X.Type())
	case *ssa.Convert:
		return abstract(x.X.Type(), nil) || abstract(x.Type(), nil)
	case *ssa.MultiConvert, *ssa.SliceToArrayPointer:
		return true
	case *ssa.MakeInterface:
		// The dynamic type would be that of the generic code, not of the instance.
		return abstract(x.X.Type(), nil)
	case *ssa.ChangeInterface:
		return abstract(x.X.Type(), nil) || abstract(x.Type(), nil)
	case *ssa.TypeAssert:
		return abstract(x.X.Type(), nil) || abstract(x.AssertedType, nil)
	case *ssa.ChangeType:
		return isParam(x.X.Type()) != isParam(x.Type())
	case ssa.CallInstruction:
		return callDependsOnType(x.Common())
	case *ssa.Alloc, *ssa.Phi, *ssa.Extract, *ssa.Store, *ssa.Return, *ssa.Field, *ssa.FieldAddr, *ssa.MakeClosure,
		*ssa.If, *ssa.Jump, *ssa.RunDefers, *ssa.DebugRef, *ssa.Panic:
		return false
	}
	// What reads or makes something has its operands' types known; of the elements only
	// how many cells they are counts.
	for _, op := range instr.Operands(nil) {
		if *op != nil && isParam((*op).Type()) {
			switch x := instr.(type) {
			case *ssa.Send:
				if isParam(x.Chan.Type()) {
					return true
				}
			case *ssa.MapUpdate:
				if isParam(x.Map.Type()) || isParam(x.Key.Type()) {
					return true
				}
			default:
				return true
			}
		}
	}
	if v, ok := instr.(ssa.Value); ok {
		switch v.(type) {
		case *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan, *ssa.Slice, *ssa.Range, *ssa.Next:
			return isParam(v.Type())
		}
	}
	return false
}

func callDependsOnType(call *ssa.CallCommon) bool {
	if call.IsInvoke() {
		return abstract(call.Value.Type(), nil)
	}
	if isParam(call.Value.Type()) {
		return true
	}
	if _, ok := call.Value.(*ssa.Builtin); ok {
		for _, a := range call.Args {
			if isParam(a.Type()) {
				return true
			}
		}
	}
	return false
}

// abstract reports whether a type parameter is in t.
func abstract(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	if seen == nil {
		seen = map[types.Type]bool{}
	}
	seen[t] = true
	in := func(t types.Type) bool { return abstract(t, seen) }
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if in(a) {
				return true
			}
		}
	case *types.Pointer:
		return in(t.Elem())
	case *types.Slice:
		return in(t.Elem())
	case *types.Array:
		return in(t.Elem())
	case *types.Chan:
		return in(t.Elem())
	case *types.Map:
		return in(t.Key()) || in(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if in(f.Type()) {
				return true
			}
		}
	case *types.Tuple:
		for v := range t.Variables() {
			if in(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return in(t.Params()) || in(t.Results())
	case *types.Interface:
		for f := range t.Methods() {
			if in(f.Type()) {
				return true
			}
		}
	}
	return false
}
