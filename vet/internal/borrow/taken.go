package borrow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// taken reports whether the slice or map v, which was loaded from what an
// owner protects or is the result of its Get, is taken out: replaced by
// another one later on, as by "items := *p; *p = nil".
func taken(v ssa.Value) bool {
	at, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	found := false
	never := func(ssa.Instruction) bool { return false }
	After(at, never, func(instr ssa.Instruction) bool {
		found = replaces(instr, v)
		return !found
	})
	return found
}

// replaces reports whether instr puts something else where v is.
func replaces(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.Store:
		return samePlace(instr.Addr, place(v)) && !grownFrom(instr.Val, v)
	case *ssa.Call:
		if api.CalleeOf(&instr.Call).Name != "Set" {
			return false
		}
		args := lockset.Args(&instr.Call)
		return len(args) == 2 && lends(&instr.Call) && samePlace(instr, place(v)) && !grownFrom(args[1], v)
	}
	return false
}

// place is the address that v is loaded from, or the call that returned v.
func place(v ssa.Value) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		return load.X
	}
	return v
}

// samePlace reports whether a and b, which are addresses or calls of methods
// of an owner, mean the same part of what is protected.
func samePlace(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && samePlace(a.X, b.X)
	case *ssa.Call:
		b, ok := b.(*ssa.Call)
		return ok && lends(&a.Call) && lends(&b.Call) && Of(lockset.Args(&a.Call)[0]).Same(Of(lockset.Args(&b.Call)[0]))
	}
	return false
}

// lends reports whether call is that of a method of an owner.
func lends(call *ssa.CallCommon) bool {
	f := api.CalleeOf(call)
	_, ok := owners[api.Type{Pkg: f.Pkg, Name: f.Recv}]
	return ok
}

// grownFrom reports whether v is from, or shares memory with it: a part of it,
// or what append made of it.
func grownFrom(v, from ssa.Value) bool {
	var seen []ssa.Value
	var grown func(v ssa.Value) bool
	grown = func(v ssa.Value) bool {
		if v == from {
			return true
		}
		if slices.Contains(seen, v) {
			return false
		}
		seen = append(seen, v)
		switch v := v.(type) {
		case *ssa.Slice:
			return grown(v.X)
		case *ssa.ChangeType:
			return grown(v.X)
		case *ssa.Phi:
			return slices.ContainsFunc(v.Edges, grown)
		case *ssa.Call:
			b, ok := v.Call.Value.(*ssa.Builtin)
			return ok && b.Name() == "append" && grown(v.Call.Args[0])
		case *ssa.UnOp:
			return v.Op == token.MUL && samePlace(v.X, place(from))
		}
		return false
	}
	return grown(v)
}
