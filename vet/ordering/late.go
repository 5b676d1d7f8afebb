package ordering

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/borrow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// writtenLate reports plain writes to what the function has made and then
// published by an atomic pointer: who loads the pointer may read meanwhile.
func writtenLate(pass *analysis.Pass, a access) {
	made := published(a)
	if made == nil {
		return
	}
	derived := borrow.Derived(made, false)
	stop := func(instr ssa.Instruction) bool { return instr == ssa.Instruction(made) }
	borrow.After(a.call, stop, func(instr ssa.Instruction) bool {
		st, ok := instr.(*ssa.Store)
		if !ok || !st.Pos().IsValid() || !derived[st.Addr] || !behind(st.Addr) || swapFailed(a, st) {
			return true
		}
		pass.Report(analysis.Diagnostic{
			Pos: st.Pos(),
			Message: fmt.Sprintf("%s is written here, but it is published at %s: whoever loads %s may read it meanwhile; write it before the %s",
				lockset.Resolve(st.Addr), lockset.Position(pass, a.call.Pos()), a.target, a.name),
			Related: []analysis.RelatedInformation{{Pos: a.call.Pos(), Message: "published here"}},
		})
		return false
	})
}

// published is what the function of a has made and a makes known to others,
// by a pointer that others know.
func published(a access) *ssa.Alloc {
	args := a.call.Call.Args
	i := 1
	switch {
	case a.kind == compareExchange:
		i = 2
	case a.kind == store, strings.HasPrefix(a.name, "Swap"):
	default:
		return nil
	}
	if i >= len(args) || !known(a.address) {
		return nil
	}
	v := args[i]
	if load, ok := v.(*ssa.UnOp); ok {
		if s := lockset.OnlyStore(load.X); s != nil {
			v = s // a variable that a closure captures
		}
	}
	made, ok := v.(*ssa.Alloc)
	if !ok || !pointer(made) || made.Parent() != a.call.Parent() {
		return nil
	}
	return made
}

// known reports whether others know the atomic variable at addr: it was not
// made by the function itself, or a closure has it.
func known(addr ssa.Value) bool {
	made, ok := lockset.Resolve(addr).Root.(*ssa.Alloc)
	if !ok {
		return true
	}
	for _, ref := range *made.Referrers() {
		if _, ok := ref.(*ssa.MakeClosure); ok {
			return true
		}
	}
	return made.Parent() != addr.Parent()
}

// behind reports whether a store to addr changes what a pointer leads to,
// rather than the variable that holds the pointer.
func behind(addr ssa.Value) bool {
	switch addr.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return true
	}
	return false
}

// swapFailed reports whether st happens only if the compare-and-swap a has
// not stored anything.
func swapFailed(a access, st *ssa.Store) bool {
	if a.kind != compareExchange {
		return false
	}
	for b := st.Block(); b != nil; b = b.Idom() {
		up := b.Idom()
		if up == nil || !a.call.Block().Dominates(up) {
			return false
		}
		branch, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If)
		if ok && len(b.Preds) == 1 {
			if is, _ := derived(branch.Cond, a.call, 4); is {
				return true // either way is enough to leave it alone
			}
		}
	}
	return false
}
