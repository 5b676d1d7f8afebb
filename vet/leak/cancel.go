package leak

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// uncancelled reports goroutines that wait for the end of a context whose
// cancel function is kept in an unexported field that the package never reads.
func (r *reporter) uncancelled(prog *buildssa.SSA) {
	read := map[*types.Var]bool{}
	kept := map[*ssa.Store]*types.Var{}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				noteCancel(instr, prog, read, kept)
			}
		}
	}
	r.droppedCancel(kept)
	for st, field := range kept {
		if read[field] {
			continue
		}
		call := made(st.Val)
		if call == nil {
			continue
		}
		wait := waiter(call)
		if !wait.IsValid() {
			continue
		}
		r.report(analysis.Diagnostic{
			Pos: call.Pos(),
			Message: fmt.Sprintf("the cancel function is kept in the field %s, which nothing in the package reads: the goroutine started at %s waits for the context's Done until its parent ends, if it ever does",
				field.Name(), lockset.Position(r.pass, wait)),
			Related: []analysis.RelatedInformation{{Pos: wait, Message: "waits for it"}},
		})
	}
}

// noteCancel notes what instr does with an unexported field of type context.CancelFunc.
func noteCancel(instr ssa.Instruction, prog *buildssa.SSA, read map[*types.Var]bool, kept map[*ssa.Store]*types.Var) {
	var field *types.Var
	var refs *[]ssa.Instruction
	switch x := instr.(type) {
	case *ssa.FieldAddr:
		field, refs = x.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(x.Field).Origin(), x.Referrers()
	case *ssa.Field:
		if st, ok := x.X.Type().Underlying().(*types.Struct); ok {
			read[st.Field(x.Field).Origin()] = true
		}
		return
	default:
		return
	}
	if api.TypeOf(field.Type()) != (api.Type{Pkg: "context", Name: "CancelFunc"}) || field.Exported() || field.Pkg() != prog.Pkg.Pkg {
		return
	}
	for _, ref := range *refs {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == instr.(ssa.Value) {
			kept[st] = field
		} else if _, debug := ref.(*ssa.DebugRef); !debug {
			read[field] = true
		}
	}
}

// made is the call of context.WithCancel whose cancel function v is, if that
// is all that becomes of it.
func made(v ssa.Value) *ssa.Call {
	cancel, ok := v.(*ssa.Extract)
	if !ok || cancel.Index != 1 || len(*cancel.Referrers()) != 1 {
		return nil
	}
	call, ok := cancel.Tuple.(*ssa.Call)
	if !ok || api.CalleeOf(&call.Call) != (api.Func{Pkg: "context", Name: "WithCancel"}) {
		return nil
	}
	return call
}

// waiter is where a goroutine starts that is given the context of call and
// waits for its end alone.
func waiter(call *ssa.Call) token.Pos {
	for _, ref := range *call.Referrers() {
		ctx, ok := ref.(*ssa.Extract)
		if !ok || ctx.Index != 0 {
			continue
		}
		for _, use := range *ctx.Referrers() {
			start, ok := use.(*ssa.Go)
			if !ok {
				continue
			}
			fn := api.Target(start.Call.Value)
			if fn == nil {
				continue
			}
			for i, arg := range start.Call.Args {
				if arg == ssa.Value(ctx) && i < len(fn.Params) && waitsFor(fn.Params[i]) {
					return start.Pos()
				}
			}
		}
	}
	return token.NoPos
}

// waitsFor reports whether the function of ctx receives from its Done alone.
func waitsFor(ctx ssa.Value) bool {
	for _, ref := range *ctx.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || !call.Call.IsInvoke() || call.Call.Method.Name() != "Done" {
			continue
		}
		for _, use := range *call.Referrers() {
			if recv, ok := use.(*ssa.UnOp); ok && recv.Op == token.ARROW {
				return true
			}
		}
	}
	return false
}
