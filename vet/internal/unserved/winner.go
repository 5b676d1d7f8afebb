package unserved

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
)

// A goroutine that sends only if it has brought an atomic counter to a certain
// number, or has won a compare-and-swap, is the only one of its kind to send. That
// holds unless the variable is set back; then a leak may be missed.

// wins reports whether all sends to c by t are of this kind.
func wins(c *chanflow.Chan, t *chanflow.Thread) bool {
	for _, o := range c.Of(chanflow.Send) {
		if o.Thread == t && o.Bare() && !won(o.At()) {
			return false
		}
	}
	return true
}

// won reports whether instr is reached only where an atomic operation has said
// that its goroutine is the one.
func won(instr ssa.Instruction) bool {
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 || d.Succs[0] == d.Succs[1] {
			continue
		}
		cond, holds := branch.Cond, d.Succs[0] == b
		for {
			not, ok := cond.(*ssa.UnOp)
			if !ok || not.Op != token.NOT {
				break
			}
			cond, holds = not.X, !holds
		}
		switch x := cond.(type) {
		case *ssa.Call:
			if holds && strings.HasPrefix(atomically(x), "CompareAndSwap") {
				return true
			}
		case *ssa.BinOp:
			call, ok := x.X.(*ssa.Call)
			_, isConst := x.Y.(*ssa.Const)
			if ok && isConst && holds == (x.Op == token.EQL) && (x.Op == token.EQL || x.Op == token.NEQ) && strings.HasPrefix(atomically(call), "Add") {
				return true
			}
		}
	}
	return false
}

// atomically is the name of the atomic operation that call is, or "".
func atomically(call *ssa.Call) string {
	if f := api.CalleeOf(&call.Call); f.Pkg == "sync/atomic" {
		return f.Name
	}
	return ""
}
