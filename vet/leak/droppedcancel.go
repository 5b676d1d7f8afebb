package leak

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// droppedCancel reports calls whose result nobody looks at, although it alone has the
// cancel function of a context for whose end the callee has started a goroutine.
// The context's parent never ends: it is context.Background. kept are the stores
// of cancel functions in fields.
func (r *reporter) droppedCancel(kept map[*ssa.Store]*types.Var) {
	for st := range kept {
		call := made(st.Val)
		field, ok := st.Addr.(*ssa.FieldAddr)
		if call == nil || !ok {
			continue
		}
		obj, ok := field.X.(*ssa.Alloc)
		if !ok || !resultOf(obj) {
			continue
		}
		wait := ownWaiter(call, obj)
		if !wait.IsValid() {
			continue
		}
		for _, fn := range r.prog.SrcFuncs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					site, ok := instr.(*ssa.Call)
					if ok && site.Call.StaticCallee() == st.Parent() && len(*site.Referrers()) == 0 && background(call.Call.Args[0], site) {
						r.report(analysis.Diagnostic{
							Pos: site.Pos(),
							Message: fmt.Sprintf("this drops what %s returns, and with it the cancel function: the goroutine started at %s waits for good for the end of its context",
								st.Parent().Name(), lockset.Position(r.pass, wait)),
							Related: []analysis.RelatedInformation{{Pos: wait, Message: "waits for it"}},
						})
					}
				}
			}
		}
	}
}

// resultOf reports whether obj is the one result of its function, and is given
// to nobody else there but to goroutines.
func resultOf(obj *ssa.Alloc) bool {
	found := false
	for _, ref := range *obj.Referrers() {
		switch x := ref.(type) {
		case *ssa.Return:
			if len(x.Results) != 1 {
				return false
			}
			found = true
		case *ssa.FieldAddr, *ssa.DebugRef, *ssa.Go:
		default:
			return false
		}
	}
	return found
}

// ownWaiter is where a goroutine starts that is given obj and waits for the end
// of the context of call alone, which obj keeps in a field.
func ownWaiter(call *ssa.Call, obj *ssa.Alloc) token.Pos {
	if at := waiter(call); at.IsValid() {
		return at
	}
	keeps := map[int]bool{} // the fields that hold the context
	for _, ref := range *call.Referrers() {
		ctx, ok := ref.(*ssa.Extract)
		if !ok || ctx.Index != 0 {
			continue
		}
		for _, use := range *ctx.Referrers() {
			if st, ok := use.(*ssa.Store); ok {
				if to, ok := st.Addr.(*ssa.FieldAddr); ok && to.X == ssa.Value(obj) {
					keeps[to.Field] = true
				}
			}
		}
	}
	for _, ref := range *obj.Referrers() {
		start, ok := ref.(*ssa.Go)
		if !ok {
			continue
		}
		fn := api.Target(start.Call.Value)
		if fn == nil {
			continue
		}
		for i, arg := range start.Call.Args {
			if arg == ssa.Value(obj) && i < len(fn.Params) && waitsForField(fn.Params[i], keeps) {
				return start.Pos()
			}
		}
	}
	return token.NoPos
}

// waitsForField is waitsFor for a context in one of the fields of obj.
func waitsForField(obj *ssa.Parameter, fields map[int]bool) bool {
	for _, ref := range *obj.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok || !fields[addr.Field] {
			continue
		}
		for _, use := range *addr.Referrers() {
			if load, ok := use.(*ssa.UnOp); ok && load.Op == token.MUL && waitsFor(load) {
				return true
			}
		}
	}
	return false
}

// background reports whether v, or what site gives for it, is a context that never ends.
func background(v ssa.Value, site *ssa.Call) bool {
	if p, ok := v.(*ssa.Parameter); ok {
		for i, q := range p.Parent().Params {
			if p == q && i < len(site.Call.Args) {
				v = site.Call.Args[i]
			}
		}
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	f := api.CalleeOf(&call.Call)
	return f == api.Func{Pkg: "context", Name: "Background"} || f == api.Func{Pkg: "context", Name: "TODO"}
}
