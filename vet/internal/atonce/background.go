package atonce

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// background finds what the loop of a goroutine writes that instr, in a
// constructor, starts for the new value, and what an exported method of that
// type uses: whoever has the value may call the method beside the loop.
//
// Only a write that the loop does again and again, and not as the answer to a
// message, counts: nothing that the caller of the method can know of puts it
// before or behind all of these.
func (f *finder) background(fn *ssa.Function, instr ssa.Instruction) {
	start, ok := instr.(*ssa.Go)
	if !ok || !constructs(fn, start) {
		return
	}
	loop := api.Target(start.Call.Value)
	self := start.Call.Args
	if loop == nil || loop.Pkg != fn.Pkg || len(self) == 0 || receiver(loop) == nil {
		return
	}
	named, ok := types.Unalias(receiver(loop).Type().(*types.Pointer).Elem()).(*types.Named)
	if !ok || !named.Obj().Exported() {
		return
	}
	writes := map[place]Access{}
	for _, a := range accesses(loop, receiver(loop), maxCalls, map[*ssa.Function]bool{}, func(i ssa.Instruction) bool {
		return unserved.InLoop(i, nil) && !answers(i)
	}) {
		if a.Write && a.place.field != nil {
			writes[a.place] = a
		}
	}
	if len(writes) == 0 {
		return
	}
	for i := range named.NumMethods() {
		m := f.prog.Pkg.Prog.FuncValue(named.Method(i))
		if m == nil || !named.Method(i).Exported() || receiver(m) == nil || f.inTest(m) {
			continue
		}
		for _, a := range accesses(m, receiver(m), maxCalls, map[*ssa.Function]bool{}, func(ssa.Instruction) bool { return true }) {
			if w, ok := writes[a.place]; ok {
				f.add(Finding{A: w, B: a, Evidence: fn.Name() + " starts the goroutine that writes, and whoever has the " + named.Obj().Name() + " may call " + m.Name() + " beside it", At: start.Pos()})
			}
		}
	}
}

// constructs reports whether fn makes and returns the value whose method
// start runs.
func constructs(fn *ssa.Function, start *ssa.Go) bool {
	if len(start.Call.Args) == 0 || fn.Signature.Recv() != nil {
		return false
	}
	made, ok := start.Call.Args[0].(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *made.Referrers() {
		if _, ok := ref.(*ssa.Return); ok {
			return true
		}
	}
	return false
}

// answers reports whether instr happens only when a message has come: behind a
// receive, or in the case of a select, that is not of a timer.
func answers(instr ssa.Instruction) bool {
	for b := instr.Block(); b != nil; b = b.Idom() {
		for _, before := range b.Instrs {
			if before == instr {
				break
			}
			if recv, ok := before.(*ssa.UnOp); ok && recv.Op == token.ARROW && !isTime(recv.X) {
				return true
			}
		}
		if len(b.Preds) != 1 {
			continue
		}
		pred := b.Preds[0]
		cond, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
		if !ok || pred.Succs[0] != b {
			continue
		}
		if sel, i := chosen(cond); sel != nil && i < len(sel.States) && !isTime(sel.States[i].Chan) {
			return true
		}
	}
	return false
}

// chosen understands "if the select took case i".
func chosen(cond *ssa.If) (*ssa.Select, int) {
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil, 0
	}
	index, ok := cmp.X.(*ssa.Extract)
	if !ok || index.Index != 0 {
		return nil, 0
	}
	sel, ok := index.Tuple.(*ssa.Select)
	c, constant := cmp.Y.(*ssa.Const)
	if !ok || !constant {
		return nil, 0
	}
	return sel, int(c.Int64())
}

func isTime(ch ssa.Value) bool {
	t, ok := ch.Type().Underlying().(*types.Chan)
	return ok && api.TypeOf(t.Elem()) == api.Type{Pkg: "time", Name: "Time"}
}
