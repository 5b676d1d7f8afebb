package closed

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// callers are the functions of the package that call each other one, or hand
// it on as a function value.
func callers(prog *buildssa.SSA) map[*ssa.Function][]*ssa.Function {
	callers := map[*ssa.Function][]*ssa.Function{}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					if callee := instr.Common().StaticCallee(); callee != nil && callee.Pkg == fn.Pkg {
						callers[callee] = append(callers[callee], fn)
					}
				case *ssa.MakeClosure:
					if method := methodOf(instr); method != nil && method.Pkg == fn.Pkg {
						callers[method] = append(callers[method], fn)
					}
				}
			}
		}
	}
	return callers
}

// methodOf is the method of a method value, or nil.
func methodOf(closure *ssa.MakeClosure) *ssa.Function {
	bound := closure.Fn.(*ssa.Function)
	obj, ok := bound.Object().(*types.Func)
	if !ok || bound.Synthetic == "" {
		return nil
	}
	return bound.Prog.FuncValue(obj)
}

// roots are the functions from which to look: those that start goroutines,
// and the callers that hand them what the goroutines share.
func roots(prog *buildssa.SSA, starts *goroutine.Result, callers map[*ssa.Function][]*ssa.Function) []*ssa.Function {
	var spawners []*ssa.Function
	for _, fn := range prog.SrcFuncs {
		if len(starts.In(fn)) > 0 {
			spawners = append(spawners, fn)
		}
	}
	seen := map[*ssa.Function]bool{}
	var found []*ssa.Function
	var add func(fn *ssa.Function, up int)
	add = func(fn *ssa.Function, up int) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		found = append(found, fn)
		if outer := fn.Parent(); outer != nil {
			add(outer, up)
		}
		if up > 0 {
			for _, c := range callers[fn] {
				add(c, up-1)
			}
		}
	}
	for _, fn := range spawners {
		add(fn, 2)
	}
	// Callers first: what they know makes findings exact.
	slices.Reverse(found)
	return found
}
