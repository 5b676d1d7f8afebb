package exact

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Survey tells, of the functions of one package, which are worth a search:
// nearly all functions of real programs call something that is not
// understood, and a search would only find out after a while.
type Survey struct {
	understood map[*ssa.Function]bool
}

// Understood reports whether fn, and all that it calls by name, only call
// functions with a body and those of natives.go. What a call by an interface
// or a function value leads to is found out by the search.
func (v *Survey) Understood(fn *ssa.Function) bool {
	if known, ok := v.understood[fn]; ok {
		return known
	}
	if v.understood == nil {
		v.understood = map[*ssa.Function]bool{}
	}
	v.understood[fn] = true // while fn is looked at: recursion is no reason
	v.understood[fn] = v.body(fn)
	return v.understood[fn]
}

func (v *Survey) body(fn *ssa.Function) bool {
	if obj, ok := fn.Object().(*types.Func); ok && nativeOf(api.Of(obj)) != nil {
		return true
	}
	if origin := fn.Origin(); origin != nil && origin != fn {
		if obj, ok := origin.Object().(*types.Func); ok && nativeOf(api.Of(obj)) != nil {
			return true
		}
		return oneCell(fn.TypeArgs()) && v.Understood(origin)
	}
	if len(fn.Blocks) == 0 {
		return false
	}
	var operands [12]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, op := range instr.Operands(operands[:0]) {
				switch x := (*op).(type) {
				case *ssa.Function:
					if !v.Understood(x) {
						return false
					}
				case *ssa.Global:
					if x.Pkg != fn.Pkg {
						return false
					}
				}
			}
		}
	}
	return true
}
