package guard

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// unexpected reports whether no caller expects a lock to be held behind exit,
// given that it is released on other paths: the function fails, or returns
// early and nothing that tells one from the other. A function that locks for
// its caller does so at its end, or if it succeeds.
func unexpected(exit ssa.Instruction) bool {
	ret, ok := exit.(*ssa.Return)
	if !ok {
		return false
	}
	if len(ret.Results) == 0 {
		return ret.Pos().IsValid()
	}
	last := ret.Results[len(ret.Results)-1]
	return types.Identical(last.Type(), types.Universe.Lookup("error").Type()) && isError(last, ret.Block())
}

// releasedInside reports whether a function in fn, such as the body of a loop
// over a function, releases a lock of p's class: what it did before fn returned
// is not known.
func releasedInside(fn *ssa.Function, p lockset.Path) bool {
	for _, inner := range fn.AnonFuncs {
		for _, b := range inner.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if op := lockset.OpOf(call.Common()); op.Kind == lockset.Release && op.Lock != nil && lockset.Resolve(op.Lock).Class == p.Class {
					return true
				}
			}
		}
		if releasedInside(inner, p) {
			return true
		}
	}
	return false
}

// isError reports whether v, in block b, is evidently an error and not nil.
func isError(v ssa.Value, b *ssa.BasicBlock) bool {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.UnOp:
		if _, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL {
			return true
		}
	case *ssa.Call:
		if f := v.Call.StaticCallee(); f != nil && f.Pkg != nil && (f.Pkg.Pkg.Path() == "errors" && f.Name() == "New" || f.Pkg.Pkg.Path() == "fmt" && f.Name() == "Errorf") {
			return true
		}
	}
	for ; b != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		branch, ok := b.Preds[0].Instrs[len(b.Preds[0].Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		test, ok := branch.Cond.(*ssa.BinOp)
		if !ok || test.X != v && test.Y != v || !isNil(test.X) && !isNil(test.Y) {
			continue
		}
		return test.Op == token.NEQ && branch.Block().Succs[0] == b || test.Op == token.EQL && branch.Block().Succs[1] == b
	}
	return false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}
