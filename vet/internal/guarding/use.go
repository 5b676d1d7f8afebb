package guarding

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// A Use is a read or write of guarded memory.
type Use struct {
	At    ssa.Instruction
	Addr  ssa.Value // of the memory, or the map or slice whose contents are used
	Write bool
}

// Pos is where the use stands.
func (u Use) Pos() token.Pos {
	if pos := u.At.Pos(); pos.IsValid() {
		return pos
	}
	return u.Addr.Pos()
}

// Uses are what users, among which are those of the address addr, do to the
// memory there: to the variable, its parts, and what a map or slice in it holds.
// Whoever is given the address is taken to read.
func Uses(addr ssa.Value, users []ssa.Instruction) []Use {
	var found []Use
	for _, user := range users {
		switch x := user.(type) {
		case *ssa.UnOp:
			if x.Op == token.MUL && x.X == addr {
				found = append(found, Use{x, addr, false})
				found = append(found, contents(x)...)
			}
		case *ssa.Store:
			found = append(found, Use{x, addr, x.Addr == addr})
		case *ssa.FieldAddr:
			found = append(found, Uses(x, *x.Referrers())...)
		case *ssa.IndexAddr:
			if x.X == addr {
				found = append(found, Uses(x, *x.Referrers())...)
			}
		case ssa.CallInstruction:
			found = append(found, Use{x, addr, false})
		}
	}
	return found
}

// contents are the uses of what the loaded map or slice v holds.
func contents(v *ssa.UnOp) []Use {
	var found []Use
	_, isMap := v.Type().Underlying().(*types.Map)
	_, isSlice := v.Type().Underlying().(*types.Slice)
	for _, user := range *v.Referrers() {
		switch x := user.(type) {
		case *ssa.MapUpdate:
			found = append(found, Use{x, v, x.Map == ssa.Value(v)})
		case *ssa.Lookup:
			if isMap && x.X == ssa.Value(v) {
				found = append(found, Use{x, v, false})
			}
		case *ssa.Range:
			if isMap {
				found = append(found, Use{x, v, false})
			}
		case *ssa.IndexAddr:
			if isSlice && x.X == ssa.Value(v) {
				found = append(found, Uses(x, *x.Referrers())...)
			}
		case *ssa.Call:
			if b, ok := x.Call.Value.(*ssa.Builtin); ok && (isMap || isSlice) {
				write := (b.Name() == "delete" || b.Name() == "clear") || b.Name() == "copy" && x.Call.Args[0] == ssa.Value(v)
				found = append(found, Use{x, v, write})
			}
		}
	}
	return found
}

// Owned reports whether nobody but the function of at can know of the object
// made, when at happens: nothing that gives it away can come before.
func Owned(made *ssa.Alloc, at ssa.Instruction) bool {
	return at.Parent() == made.Parent() && !given(made, func(by ssa.Instruction) bool { return by == at || unserved.Reaches(by, at) }, 0)
}

// maxPassed is how many calls deep an object that is not known to others is followed.
const maxPassed = 3

// given reports whether the object v, which nobody else knows of, is given
// away by an instruction that counts.
func given(v ssa.Value, counts func(ssa.Instruction) bool, depth int) bool {
	for _, user := range *v.Referrers() {
		if !counts(user) {
			continue
		}
		switch x := user.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.UnOp, *ssa.BinOp:
		case *ssa.Return:
			if depth > 0 {
				return true // the caller has it under another name
			}
		case *ssa.Store:
			if x.Val != v {
				continue
			}
			cell, ok := x.Addr.(*ssa.Alloc)
			if !ok || depth == maxPassed || cellGiven(cell, counts, depth) {
				return true
			}
		case *ssa.Call:
			callee := x.Call.StaticCallee()
			if callee == nil || len(callee.Blocks) == 0 || depth == maxPassed {
				return true
			}
			for i, arg := range x.Call.Args {
				if arg == v && given(callee.Params[i], func(ssa.Instruction) bool { return true }, depth+1) {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}

// cellGiven is given for an object that a variable points to.
func cellGiven(cell *ssa.Alloc, counts func(ssa.Instruction) bool, depth int) bool {
	for _, user := range *cell.Referrers() {
		switch x := user.(type) {
		case *ssa.Store:
			continue
		case *ssa.UnOp:
			if given(x, counts, depth+1) {
				return true
			}
		default:
			if counts(user) {
				return true
			}
		}
	}
	return false
}
