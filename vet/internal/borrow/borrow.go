// Package borrow finds pointers that are lent by a guard, a cell or an Arc,
// what is derived from them, and the calls that end the loan.
package borrow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A Loan is a pointer that may be used only as long as its owner says.
type Loan struct {
	// Ptr is the pointer: the result of a call, or a parameter.
	Ptr ssa.Value
	// Contents says that Ptr is no pointer, but a slice or map that Get
	// returned: a copy, of which the elements are still the owner's.
	Contents bool
	// Owner is the guard, borrow or Arc. It is unknown if the loan is the
	// parameter of Scope.
	Owner lockset.Path
	// From is the method that lent it, such as lock.Guard.Ptr.
	From api.Func
	// Shared says that others may read at the same time: nobody may write.
	Shared bool
	// Scope is the function that With runs, or nil.
	Scope *ssa.Function
}

// owners are the types that lend pointers, and whether those are for reading only.
var owners = map[api.Type]bool{
	{Pkg: api.Lock, Name: "Guard"}:           false,
	{Pkg: api.Lock, Name: "WriteGuard"}:      false,
	{Pkg: api.Lock, Name: "ReadGuard"}:       true,
	{Pkg: api.Lock, Name: "UpgradableGuard"}: true,
	{Pkg: api.Cell, Name: "RefMut"}:          false,
	{Pkg: api.Cell, Name: "Ref"}:             true,
	{Pkg: api.Arc, Name: "Arc"}:              true,
	{Pkg: api.Rc, Name: "Rc"}:                true,
}

// Loans returns the loans that begin in fn.
func Loans(fn *ssa.Function) []Loan {
	var out []Loan
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			f := api.CalleeOf(&call.Call)
			shared, lends := owners[api.Type{Pkg: f.Pkg, Name: f.Recv}]
			switch {
			case f.Name == "Ptr" && lends:
				out = append(out, Loan{Ptr: call, Owner: Of(lockset.Args(&call.Call)[0]), From: f, Shared: shared})
			case f.Name == "Get" && lends && refersTo(call.Type()) && !taken(call):
				out = append(out, Loan{Ptr: call, Contents: true, Owner: Of(lockset.Args(&call.Call)[0]), From: f, Shared: shared})
			case f.Name == "With" || f.Name == "WithWrite" || f.Name == "WithMut":
				if f.Pkg != api.Lock && f.Pkg != api.Cell {
					continue
				}
				args := lockset.Args(&call.Call)
				scope := api.Target(args[len(args)-1])
				if scope == nil || scope.Parent() == nil || len(scope.Params) == 0 {
					continue
				}
				param := scope.Params[len(scope.Params)-1]
				if _, ok := param.Type().Underlying().(*types.Pointer); ok {
					out = append(out, Loan{Ptr: param, From: f, Scope: scope, Shared: f.Recv == "UnsafeCell" && f.Name == "With"})
				}
			}
		}
	}
	return out
}

// Of returns the path of the owner, handle or guard that v is or points to.
func Of(v ssa.Value) lockset.Path {
	if _, ok := v.Type().Underlying().(*types.Pointer); ok && isOwnerVariable(v.Type()) {
		return lockset.ResolveVariable(v)
	}
	return lockset.Resolve(v)
}

// isOwnerVariable reports whether t points to an owner that is a value, not
// to a lock or a JoinHandle, which are pointers themselves.
func isOwnerVariable(t types.Type) bool {
	n := api.TypeOf(t)
	_, ok := owners[n]
	return ok || n.Name == "Weak"
}

// Derived returns the values of p's function, and of the closures in it, that
// point into what p points to. With contents, the elements of the slices and
// maps in it count as well.
func Derived(p ssa.Value, contents bool) map[ssa.Value]bool {
	set := map[ssa.Value]bool{p: true}
	work := []ssa.Value{p}
	add := func(v ssa.Value) {
		if !set[v] {
			set[v] = true
			work = append(work, v)
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.FieldAddr, *ssa.ChangeType, *ssa.MakeInterface, *ssa.Phi:
				add(ref.(ssa.Value))
			case *ssa.IndexAddr:
				if ref.X == v {
					add(ref)
				}
			case *ssa.Slice:
				if ref.X == v {
					add(ref)
				}
			case *ssa.UnOp:
				if ref.Op == token.MUL && (variable(v) || contents && refersTo(ref.Type()) && !taken(ref)) {
					add(ref)
				}
			case *ssa.Store:
				if ref.Val == v && variable(ref.Addr) {
					addVariable(ref.Addr, add)
				}
			}
		}
	}
	return set
}

// variable reports whether v is the address of a local variable that holds a pointer.
func variable(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		switch v.Type().Underlying().(*types.Pointer).Elem().Underlying().(type) {
		case *types.Pointer, *types.Slice, *types.Map, *types.Interface:
			return true
		}
	case *ssa.FreeVar:
		b := lockset.Binding(v)
		return b != nil && variable(b)
	}
	return false
}

// addVariable adds the variable at addr, in its function and in the closures
// that capture it.
func addVariable(addr ssa.Value, add func(ssa.Value)) {
	if fv, ok := addr.(*ssa.FreeVar); ok {
		addVariable(lockset.Binding(fv), add)
		return
	}
	add(addr)
	for _, ref := range *addr.Referrers() {
		m, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for i, b := range m.Bindings {
			if b == addr {
				add(m.Fn.(*ssa.Function).FreeVars[i])
			}
		}
	}
}

func refersTo(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}

// After calls f for every instruction that can run after at, in its function,
// up to those that stop accepts, until f returns false.
func After(at ssa.Instruction, stop func(ssa.Instruction) bool, f func(ssa.Instruction) bool) {
	from(at.Block(), slices.Index(at.Block().Instrs, at)+1, stop, f)
}

// From is After with at itself.
func From(at ssa.Instruction, stop func(ssa.Instruction) bool, f func(ssa.Instruction) bool) {
	from(at.Block(), slices.Index(at.Block().Instrs, at), stop, f)
}

func from(b *ssa.BasicBlock, i int, stop func(ssa.Instruction) bool, f func(ssa.Instruction) bool) {
	seen := map[*ssa.BasicBlock]bool{}
	var walk func(b *ssa.BasicBlock, from int) bool
	walk = func(b *ssa.BasicBlock, from int) bool {
		for _, instr := range b.Instrs[from:] {
			if stop(instr) {
				return true
			}
			if !f(instr) {
				return false
			}
		}
		for _, succ := range b.Succs {
			if !seen[succ] {
				seen[succ] = true
				if !walk(succ, 0) {
					return false
				}
			}
		}
		return true
	}
	walk(b, i)
}
