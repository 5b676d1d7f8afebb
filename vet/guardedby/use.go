package guardedby

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// A use is a read or write of guarded memory.
type use struct {
	at    ssa.Instruction
	addr  ssa.Value
	write bool
}

func (u use) pos() token.Pos {
	if pos := u.at.Pos(); pos.IsValid() {
		return pos
	}
	return u.addr.Pos()
}

// uses are what users, among which are those of the address addr, do to the
// memory there: to the variable, its parts, and what a map or slice in it holds.
// Whoever is given the address is taken to read.
func uses(addr ssa.Value, users []ssa.Instruction) []use {
	var found []use
	for _, user := range users {
		switch x := user.(type) {
		case *ssa.UnOp:
			if x.Op == token.MUL && x.X == addr {
				found = append(found, use{x, addr, false})
				found = append(found, contents(x)...)
			}
		case *ssa.Store:
			found = append(found, use{x, addr, x.Addr == addr})
		case *ssa.FieldAddr:
			found = append(found, uses(x, *x.Referrers())...)
		case *ssa.IndexAddr:
			if x.X == addr {
				found = append(found, uses(x, *x.Referrers())...)
			}
		case ssa.CallInstruction:
			found = append(found, use{x, addr, false})
		}
	}
	return found
}

// contents are the uses of what the loaded map or slice v holds.
func contents(v *ssa.UnOp) []use {
	var found []use
	_, isMap := v.Type().Underlying().(*types.Map)
	_, isSlice := v.Type().Underlying().(*types.Slice)
	for _, user := range *v.Referrers() {
		switch x := user.(type) {
		case *ssa.MapUpdate:
			found = append(found, use{x, v, x.Map == ssa.Value(v)})
		case *ssa.Lookup:
			if isMap && x.X == ssa.Value(v) {
				found = append(found, use{x, v, false})
			}
		case *ssa.Range:
			if isMap {
				found = append(found, use{x, v, false})
			}
		case *ssa.IndexAddr:
			if isSlice && x.X == ssa.Value(v) {
				found = append(found, uses(x, *x.Referrers())...)
			}
		case *ssa.Call:
			if b, ok := x.Call.Value.(*ssa.Builtin); ok && (isMap || isSlice) {
				write := (b.Name() == "delete" || b.Name() == "clear") || b.Name() == "copy" && x.Call.Args[0] == ssa.Value(v)
				found = append(found, use{x, v, write})
			}
		}
	}
	return found
}

// owned reports whether nobody but the function of at can know of the object
// made, when at happens: nothing that gives it away can come before.
func owned(made *ssa.Alloc, at ssa.Instruction) bool {
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
