package ordering

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/lockset"
)

func constantSign(c *ssa.Const) int {
	if c.Value.Kind() != constant.Int {
		return 0
	}
	return constant.Sign(c.Value)
}

// publications reports Relaxed stores and loads of a flag or pointer by which
// one function hands plain data to another.
func publications(pass *analysis.Pass, all []access, funcs []*ssa.Function) {
	for _, st := range all {
		if !st.library || st.kind != store || st.target.Class == "" && !st.target.Known() {
			continue
		}
		if isNil(st.value) {
			continue
		}
		if pointer(st.value) {
			if st.order() == relaxed && fresh(st.value) {
				pass.Report(analysis.Diagnostic{
					Pos:     st.call.Pos(),
					Message: fmt.Sprintf("%s publishes a pointer with a Relaxed store: whoever loads it may see what it points to uninitialized; use Release, and Acquire to load", st.target),
				})
			}
			continue
		}
		if fences(st.call.Parent()) {
			continue
		}
		for _, w := range writesBefore(st.call) {
			data := lockset.Resolve(w.Addr)
			if data.Class == "" || data.Class == st.target.Class {
				continue
			}
			ld, read := consumer(all, st, data)
			if ld == nil {
				continue
			}
			switch {
			case st.order() == relaxed:
				pass.Report(analysis.Diagnostic{
					Pos: st.call.Pos(),
					Message: fmt.Sprintf("%s is stored Relaxed, but says that %s, written at %s, is ready to be read at %s: nothing orders the two; use Release, and Acquire to load",
						st.target, data, lockset.Position(pass, w.Pos()), lockset.Position(pass, read.Pos())),
					Related: []analysis.RelatedInformation{{Pos: w.Pos(), Message: "written here"}, {Pos: read.Pos(), Message: "read here"}},
				})
			case ld.order() == relaxed:
				pass.Report(analysis.Diagnostic{
					Pos: ld.call.Pos(),
					Message: fmt.Sprintf("%s is loaded Relaxed, but says that %s, written at %s, can be read at %s: nothing orders the two; use Acquire",
						ld.target, data, lockset.Position(pass, w.Pos()), lockset.Position(pass, read.Pos())),
					Related: []analysis.RelatedInformation{{Pos: w.Pos(), Message: "written here"}, {Pos: read.Pos(), Message: "read here"}},
				})
			default:
				continue
			}
			break
		}
	}
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (c.IsNil() || c.Value != nil && c.Value.Kind() == constant.Bool && !constant.BoolVal(c.Value))
}

func pointer(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Pointer)
	return ok
}

// fresh reports whether v points to what its function has just made.
func fresh(v ssa.Value) bool {
	_, ok := v.(*ssa.Alloc)
	return ok
}

func fences(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if a, ok := accessOf(call); ok && a.kind == fence {
					return true
				}
			}
		}
	}
	return false
}

// writesBefore returns the plain writes to shared variables that precede call on every path.
func writesBefore(call *ssa.Call) []*ssa.Store {
	var out []*ssa.Store
	for _, b := range call.Parent().Blocks {
		if !b.Dominates(call.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == ssa.Instruction(call) {
				break
			}
			if st, ok := instr.(*ssa.Store); ok && shared(st.Addr) {
				out = append(out, st)
			}
		}
	}
	return out
}

// shared reports whether other functions may know the variable at addr.
func shared(addr ssa.Value) bool {
	switch r := lockset.Resolve(addr).Root.(type) {
	case *ssa.Global, *ssa.Parameter:
		return true
	case *ssa.Alloc:
		return r.Heap && r.Parent() != addr.Parent()
	}
	return false
}

// consumer returns a load, in another function than st's, of the flag that st
// stores, and the plain read of data that it decides about.
func consumer(all []access, st access, data lockset.Path) (*access, ssa.Instruction) {
	for i := range all {
		ld := &all[i]
		if ld.kind != load || ld.call.Parent() == st.call.Parent() || !sameVariable(ld.target, st.target) || fences(ld.call.Parent()) {
			continue
		}
		if read := readAfter(ld.call, data); read != nil {
			return ld, read
		}
	}
	return nil, nil
}

func sameVariable(p, q lockset.Path) bool {
	return p.Same(q) || p.Class != "" && p.Class == q.Class
}

// readAfter returns a plain read of data in a block that is reached only if
// the result of call says so.
func readAfter(call *ssa.Call, data lockset.Path) ssa.Instruction {
	fn := call.Parent()
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if is, _ := derived(branch.Cond, call, 4); !is {
			continue
		}
		for _, succ := range b.Succs {
			if len(succ.Preds) > 1 && !(succ == b.Succs[1] && b.Dominates(succ)) {
				continue
			}
			for _, in := range fn.Blocks {
				if !succ.Dominates(in) {
					continue
				}
				for _, instr := range in.Instrs {
					if u, ok := instr.(*ssa.UnOp); ok && u.Op == token.MUL && sameVariable(lockset.Resolve(u.X), data) {
						return u
					}
				}
			}
		}
	}
	return nil
}
