package send

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
)

// modelled finds the functions that only run under package model: those that
// are given to one of its functions, the literals in them, and the functions of
// the package that nobody else mentions.
//
// The model looks at each access to a cell.UnsafeCell in each interleaving, and
// reports one that nothing orders. To share one there is what the program is
// checked for, not an oversight. A Cell or a Guard that is shared is no better
// there than elsewhere.
func modelled(prog *buildssa.SSA) map[*ssa.Function]bool {
	given := map[*ssa.Function]bool{}
	found := map[*ssa.Function]bool{}
	mentions := map[*ssa.Function][]*ssa.Function{}
	var operands [12]*ssa.Value
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && api.CalleeOf(&call.Call).Pkg == api.Model {
					for _, arg := range call.Call.Args {
						if fn := literal(arg); fn != nil {
							given[fn] = true
							found[fn] = fn.Parent() != nil
						}
					}
					continue
				}
				for _, op := range instr.Operands(operands[:0]) {
					if named, ok := (*op).(*ssa.Function); ok && named.Parent() == nil {
						mentions[named] = append(mentions[named], fn)
					}
				}
			}
		}
	}
	if len(given) == 0 {
		return nil
	}
	within := func(fn *ssa.Function) bool {
		for ; fn != nil; fn = fn.Parent() {
			if found[fn] {
				return true
			}
		}
		return false
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range prog.SrcFuncs {
			if found[fn] {
				continue
			}
			only := (len(mentions[fn]) > 0 || given[fn]) && !exported(fn)
			for _, by := range mentions[fn] {
				only = only && within(by)
			}
			if only || within(fn) {
				found[fn], changed = true, true
			}
		}
	}
	return found
}

// literal is the function that v is evidently.
func literal(v ssa.Value) *ssa.Function {
	switch x := v.(type) {
	case *ssa.Function:
		return x
	case *ssa.MakeClosure:
		return x.Fn.(*ssa.Function)
	}
	return nil
}

// exported reports whether other packages can call fn.
func exported(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Exported()
}
