package goroutine

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// fixed is what is known of a global: whether its package only reads it.
type fixed struct {
	value   bool
	changes bool
}

// Fixed tells the value of a global of type bool that its package declares,
// does not export, and never changes: a switch that is off, or on, until
// somebody edits the source.
func (r *Result) Fixed(g *ssa.Global) (value, ok bool) {
	if g.Pkg != r.prog.Pkg || token.IsExported(g.Name()) || !isBool(g.Type()) {
		return false, false
	}
	if r.fixed == nil {
		r.fixed = map[*ssa.Global]fixed{}
		for _, fn := range r.prog.SrcFuncs {
			r.noteGlobals(fn)
		}
		r.noteGlobals(r.prog.Pkg.Func("init"))
	}
	f := r.fixed[g]
	return f.value, !f.changes
}

func isBool(addr types.Type) bool {
	b, ok := addr.Underlying().(*types.Pointer).Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// noteGlobals notes what fn does with globals other than to load them.
func (r *Result) noteGlobals(fn *ssa.Function) {
	var operands [8]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if load, ok := instr.(*ssa.UnOp); ok && load.Op == token.MUL {
				continue
			}
			for _, v := range instr.Operands(operands[:0]) {
				g, ok := (*v).(*ssa.Global)
				if !ok {
					continue
				}
				f := fixed{changes: true}
				if s, ok := instr.(*ssa.Store); ok && fn == r.prog.Pkg.Func("init") && s.Addr == ssa.Value(g) {
					if c, ok := s.Val.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool && !r.fixed[g].changes {
						f = fixed{value: constant.BoolVal(c.Value)}
					}
				}
				r.fixed[g] = f
			}
		}
	}
	if fn == r.prog.Pkg.Func("init") || fn.Parent() != nil && fn.Parent().Synthetic != "" {
		for _, anon := range fn.AnonFuncs {
			r.noteGlobals(anon)
		}
	}
}
