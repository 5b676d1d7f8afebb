package atonce

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// maxCalls is how many calls deep an entry is followed.
const maxCalls = 3

// An Access is a use of memory that an entry shares.
type Access struct {
	Instr ssa.Instruction
	Name  string // as the source has it
	Write bool
	place place
}

// A place is a variable, a field of the struct that the receiver points to, or
// one of the struct that the value of a captured variable points to.
type place struct {
	variable ssa.Value
	field    *types.Var
}

// accesses returns those of fn to the fields of self, its receiver, and to
// captured and package variables. in reports whether an instruction of fn counts.
func accesses(fn *ssa.Function, self ssa.Value, depth int, seen map[*ssa.Function]bool, in func(ssa.Instruction) bool) []Access {
	if seen[fn] || depth < 0 {
		return nil
	}
	seen[fn] = true
	acquired := acquires(fn)
	var found []Access
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if !in(instr) || after(acquired, instr) {
				continue
			}
			if a, ok := accessOf(instr, self); ok {
				found = append(found, a)
			}
			if call, ok := instr.(*ssa.Call); ok {
				callee := call.Call.StaticCallee()
				if callee == nil || callee.Pkg != fn.Pkg || len(callee.Blocks) == 0 || callee.Signature.Recv() == nil || call.Call.Args[0] != self || self == nil {
					continue
				}
				found = append(found, accesses(callee, callee.Params[0], depth-1, seen, func(ssa.Instruction) bool { return true })...)
			}
		}
	}
	return found
}

// acquires are the instructions of fn behind which it may know more than
// before: it takes a lock, receives, joins, or calls what does.
func acquires(fn *ssa.Function) []ssa.Instruction {
	var found []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if acquiring(instr, maxCalls) {
				found = append(found, instr)
			}
		}
	}
	return found
}

func acquiring(instr ssa.Instruction, depth int) bool {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return x.Op == token.ARROW
	case *ssa.Call:
		op := lockset.OpOf(&x.Call)
		if op.Kind == lockset.Acquire || goroutine.IsJoin(&x.Call) {
			return true
		}
		if x.Call.IsInvoke() {
			return locker(x.Call.Value.Type())
		}
		callee := x.Call.StaticCallee()
		switch {
		case callee == nil:
			_, builtin := x.Call.Value.(*ssa.Builtin)
			return !builtin // a function value may do anything
		case callee.Pkg == nil || callee.Pkg.Pkg.Path() == "sync" || callee.Pkg.Pkg.Path() == "sync/atomic":
			return true
		case callee.Pkg != instr.Parent().Pkg:
			// What the standard library has besides keeps no lock for its caller.
			return strings.Contains(callee.Pkg.Pkg.Path(), ".")
		case depth == 0:
			return true
		}
		for _, b := range callee.Blocks {
			for _, inner := range b.Instrs {
				if sel, ok := inner.(*ssa.Select); ok && sel.Blocking || acquiring(inner, depth-1) {
					return true
				}
			}
		}
	}
	return false
}

// locker reports whether t has the methods of sync.Locker.
func locker(t types.Type) bool {
	set := types.NewMethodSet(t)
	return set.Lookup(nil, "Lock") != nil && set.Lookup(nil, "Unlock") != nil
}

func after(acquired []ssa.Instruction, instr ssa.Instruction) bool {
	for _, a := range acquired {
		if unserved.Reaches(a, instr) {
			return true
		}
	}
	return false
}

// alwaysAfter reports whether every way from the start of the function to instr
// passes one of acquired.
func alwaysAfter(acquired []ssa.Instruction, instr ssa.Instruction) bool {
	closed := map[*ssa.BasicBlock]bool{}
	for _, a := range acquired {
		if a.Block() != instr.Block() {
			closed[a.Block()] = true
		} else if precedes(a, instr) {
			return true
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{instr.Parent().Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || closed[b] {
			continue
		}
		if b == instr.Block() {
			return false
		}
		seen[b] = true
		work = append(work, b.Succs...)
	}
	return true
}

// precedes reports whether a comes before b in their block.
func precedes(a, b ssa.Instruction) bool {
	for _, instr := range a.Block().Instrs {
		if instr == a || instr == b {
			return instr == a && a != b
		}
	}
	return false
}

// accessOf returns what instr does to a field of self or to a variable.
func accessOf(instr ssa.Instruction, self ssa.Value) (Access, bool) {
	switch x := instr.(type) {
	case *ssa.Store:
		if p, name, ok := placeOf(x.Addr, self); ok {
			return Access{x, name, true, p}, true
		}
	case *ssa.MapUpdate:
		if load, ok := x.Map.(*ssa.UnOp); ok {
			if p, name, ok := placeOf(load.X, self); ok {
				return Access{x, name, true, p}, true
			}
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if p, name, ok := placeOf(x.X, self); ok {
				return Access{x, name, false, p}, true
			}
		}
	}
	return Access{}, false
}

// placeOf is the place at addr. A struct that a field holds, not points to,
// is a part of it.
func placeOf(addr ssa.Value, self ssa.Value) (place, string, bool) {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		v := x.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(x.Field)
		if x.X == self && self != nil {
			return place{field: v.Origin()}, self.Name() + "." + v.Name(), true
		}
		if p, name, ok := placeOf(x.X, self); ok {
			return p, name + "." + v.Name(), true
		}
		if obj, name := captured(x.X); obj != nil {
			return place{variable: obj, field: v.Origin()}, name + "." + v.Name(), true
		}
	case *ssa.FreeVar:
		bound := lockset.Binding(x)
		for {
			outer, ok := bound.(*ssa.FreeVar)
			if !ok {
				break
			}
			bound = lockset.Binding(outer)
		}
		if outer, ok := bound.(*ssa.Alloc); ok {
			return place{variable: outer}, x.Name(), true
		}
	case *ssa.Global:
		return place{variable: x}, x.Name(), true
	}
	return place{}, "", false
}

// captured is the value of the captured variable that v is loaded from, if it
// never holds another one, with the variable's name.
func captured(v ssa.Value) (ssa.Value, string) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, ""
	}
	free, ok := load.X.(*ssa.FreeVar)
	if !ok {
		return nil, ""
	}
	return lockset.OnlyStore(free), free.Name()
}
