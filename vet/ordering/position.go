package ordering

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// Of a ring, one goroutine advances the position to read at and another the
// position to write at, each with a load and a store: nobody comes in between.
// A function is taken for one side of a ring if it compares its position with
// that of the other side, which other functions advance, uses the element at its
// position before it moves on, and alone stores the position. Two goroutines
// that did that at once would get one element twice, and race for its memory:
// where the package itself starts two that call the function, it is reported.

// advances reports whether st moves on the position that ld has loaded.
func advances(ld, st access, all []access, starts *goroutine.Result, funcs []*ssa.Function) bool {
	fn := st.call.Parent()
	for _, o := range all {
		if (o.kind == store || o.kind == readModifyWrite || o.kind == compareExchange) && sameVariable(o.target, st.target) && o.call.Parent() != fn {
			return false
		}
	}
	if !element(ld.call, st.call, 4) {
		return false
	}
	for _, other := range all {
		if other.kind != load || other.call.Parent() != fn || other.target.Root != ld.target.Root || other.target.Same(ld.target) {
			continue
		}
		if compared(ld.call, other.call, 3) && advancedElsewhere(other, fn, all) {
			return !startedTwice(fn, starts, funcs)
		}
	}
	return false
}

// advancedElsewhere reports whether the position that o loads is stored to, and
// by other functions than fn alone.
func advancedElsewhere(o access, fn *ssa.Function, all []access) bool {
	found := false
	for _, st := range all {
		if st.kind == store && sameVariable(st.target, o.target) {
			if st.call.Parent() == fn {
				return false
			}
			found = true
		}
	}
	return found
}

// element reports whether v, or what is computed from it, is the index of an
// element that is used before st.
func element(v ssa.Value, st *ssa.Call, depth int) bool {
	if depth == 0 || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.IndexAddr:
			if x.Index == v && before(x, st) && len(*x.Referrers()) > 0 {
				return true
			}
		case *ssa.Index:
			if x.Index == v && before(x, st) {
				return true
			}
		case *ssa.BinOp:
			if element(x, st, depth-1) {
				return true
			}
		case *ssa.Convert:
			if element(x, st, depth-1) {
				return true
			}
		}
	}
	return false
}

// before reports whether instr is on every way to st.
func before(instr ssa.Instruction, st *ssa.Call) bool {
	if instr.Block() != st.Block() {
		return instr.Block().Dominates(st.Block())
	}
	for _, i := range st.Block().Instrs {
		if i == instr {
			return true
		}
		if i == ssa.Instruction(st) {
			break
		}
	}
	return false
}

// compared reports whether what is computed from v is compared with what is
// computed from w, or subtracted from it.
func compared(v, w ssa.Value, depth int) bool {
	if depth == 0 || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.BinOp:
			other := x.Y
			if other == v {
				other = x.X
			}
			is, _ := derived(other, w, 3)
			switch x.Op {
			case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.SUB:
				if is {
					return true
				}
			}
			if compared(x, w, depth-1) {
				return true
			}
		case *ssa.Convert:
			if compared(x, w, depth-1) {
				return true
			}
		}
	}
	return false
}

// startedTwice reports whether two goroutines that the package starts call fn.
func startedTwice(fn *ssa.Function, starts *goroutine.Result, funcs []*ssa.Function) bool {
	n := 0
	for _, in := range funcs {
		for _, s := range starts.In(in) {
			target := s.Target()
			if target == nil || !calls(target, fn, 3) {
				continue
			}
			n++
			if unserved.InLoop(s.Site, nil) || n > 1 {
				return true
			}
		}
	}
	return false
}

// calls reports whether from is fn or calls it, through that many calls.
func calls(from, fn *ssa.Function, depth int) bool {
	if from == fn || from.Origin() == fn {
		return true
	}
	if depth == 0 {
		return false
	}
	for _, b := range from.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if callee := call.Call.StaticCallee(); callee != nil && calls(callee, fn, depth-1) {
				return true
			}
		}
	}
	return false
}
