package goroutine

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// Lends is the fact that a function has kept some of its arguments nowhere when
// it returns, and told nobody of them: they are as unknown to others as before.
type Lends struct {
	// Params are their indexes; the receiver counts as the first.
	Params []int
	// New are the results that are always a variable which the function has
	// made and which nobody else knows.
	New []int
}

// AFact marks Lends as a fact.
func (*Lends) AFact() {}

func (l *Lends) String() string {
	if len(l.New) > 0 {
		return fmt.Sprintf("lends parameters %d, makes results %d", l.Params, l.New)
	}
	return fmt.Sprintf("lends parameters %d", l.Params)
}

// Lent reports whether argument i of call, the receiver first, is known to
// nobody else because of the call.
func (r *Result) Lent(call *ssa.CallCommon, i int) bool {
	return slices.Contains(r.lends(call).Params, i)
}

// Fresh reports whether result i of call is a variable that is new, and that
// only the caller knows.
func (r *Result) Fresh(call *ssa.CallCommon, i int) bool {
	return slices.Contains(r.lends(call).New, i)
}

func (r *Result) lends(call *ssa.CallCommon) (fact Lends) {
	if call.IsInvoke() {
		return
	}
	callee := api.Callee(call)
	if callee == nil || callee.Pkg() == nil || callee.Pkg() == r.pass.Pkg {
		return
	}
	r.pass.ImportObjectFact(callee.Origin(), &fact)
	return
}

// exportLends finds what the functions of this package lend and make. Only
// what has a WaitGroup in it is of interest: who knows the group can wait for it.
func (r *Result) exportLends(funcs []*ssa.Function) {
	k := &keeper{result: r, memo: map[ssa.Value]bool{}}
	for _, fn := range funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != r.pass.Pkg {
			continue
		}
		var fact Lends
		for i, p := range fn.Params {
			if hasGroup(p.Type()) && !k.keeps(p) {
				fact.Params = append(fact.Params, i)
			}
		}
		for i := range fn.Signature.Results().Len() {
			if hasGroup(fn.Signature.Results().At(i).Type()) && k.makes(fn, i) {
				fact.New = append(fact.New, i)
			}
		}
		if len(fact.Params)+len(fact.New) > 0 {
			r.pass.ExportObjectFact(obj, &fact)
		}
	}
}

// hasGroup reports whether t points to a struct that holds a WaitGroup.
func hasGroup(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	return ok && containsGroup(p.Elem(), 4)
}

func containsGroup(t types.Type, depth int) bool {
	if api.TypeOf(t) == (api.Type{Pkg: "sync", Name: "WaitGroup"}) {
		return true
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 {
		return false
	}
	for f := range st.Fields() {
		if containsGroup(f.Type(), depth-1) {
			return true
		}
	}
	return false
}

// A keeper finds out whether a pointer is kept.
type keeper struct {
	result *Result
	memo   map[ssa.Value]bool
}

// keeps reports whether v, a pointer, or an address inside of what it points
// to, may be known to others because of what its function does with it.
func (k *keeper) keeps(v ssa.Value) bool {
	if kept, known := k.memo[v]; known {
		return kept
	}
	k.memo[v] = false // while it is looked at; what calls itself adds nothing
	kept := v.Referrers() == nil || slices.ContainsFunc(*v.Referrers(), func(use ssa.Instruction) bool { return k.use(v, use) })
	k.memo[v] = kept
	return kept
}

func (k *keeper) use(v ssa.Value, use ssa.Instruction) bool {
	switch x := use.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.ChangeType:
		return k.keeps(x.(ssa.Value))
	case *ssa.UnOp:
		// What is loaded is another object, unless v is a variable that holds the pointer.
		return holds(v) && k.keeps(x)
	case *ssa.Store:
		if x.Val != v {
			return false
		}
		cell, local := x.Addr.(*ssa.Alloc)
		return !local || !holds(cell) || k.keeps(cell)
	case *ssa.BinOp, *ssa.DebugRef, *ssa.If:
		return false
	case *ssa.MakeClosure:
		return k.closure(v, x)
	case *ssa.Go:
		return !k.started(x)
	case ssa.CallInstruction:
		return k.call(v, x)
	}
	return true
}

// holds reports whether v is a variable that holds a pointer to a group, such
// as one that a closure captures.
func holds(v ssa.Value) bool {
	p, ok := v.Type().Underlying().(*types.Pointer)
	return ok && hasGroup(p.Elem())
}

// closure reports whether a closure that captures v keeps it: it may be called,
// deferred, given to Once.Do, or started as a goroutine of the group itself.
func (k *keeper) closure(v ssa.Value, makes *ssa.MakeClosure) bool {
	fn := makes.Fn.(*ssa.Function)
	for i, b := range makes.Bindings {
		if b == v && k.keeps(fn.FreeVars[i]) {
			return true
		}
	}
	for _, ref := range *makes.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			return true
		}
		if start, isGo := call.(*ssa.Go); isGo && !k.started(start) {
			return true
		}
		if call.Common().Value != ssa.Value(makes) && api.CalleeOf(call.Common()) != (api.Func{Pkg: "sync", Recv: "Once", Name: "Do"}) {
			return true
		}
	}
	return false
}

// started reports whether a go statement starts a goroutine that the caller
// knows of by another fact: Spawns, with its group.
func (k *keeper) started(start *ssa.Go) bool {
	facts := k.result.local[start.Parent()]
	return facts != nil && len(facts.Groups) == len(facts.Params)
}

func (k *keeper) call(v ssa.Value, site ssa.CallInstruction) bool {
	call := site.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		return b.Name() == "append"
	}
	if name := api.CalleeOf(call); name.Pkg == "sync" || name.Pkg == "sync/atomic" {
		return false // v is the address of a lock, a group or a number
	}
	callee := call.StaticCallee()
	for i, a := range call.Args {
		if a != v {
			continue
		}
		switch {
		case callee == nil:
			return true
		case callee.Pkg != nil && callee.Pkg.Pkg == k.result.pass.Pkg && len(callee.Blocks) > 0 && i < len(callee.Params):
			if k.keeps(callee.Params[i]) {
				return true
			}
		case !k.result.Lent(call, i):
			return true
		}
	}
	return false
}

// makes reports whether result i of fn is always a variable of its own.
func (k *keeper) makes(fn *ssa.Function, i int) bool {
	some := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		made, ok := ret.Results[i].(*ssa.Alloc)
		if !ok || slices.ContainsFunc(*made.Referrers(), func(use ssa.Instruction) bool {
			_, returned := use.(*ssa.Return)
			return !returned && k.use(made, use)
		}) {
			return false
		}
		some = true
	}
	return some
}

// doneOf are the groups whose Done fn calls, itself or by methods of its package.
func doneOf(fn *ssa.Function, depth int) (places []Place) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if api.CalleeOf(call.Common()) == (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}) {
				if at, ok := placeOf(api.Receiver(call.Common()), nil); ok {
					places = append(places, at)
				}
				continue
			}
			callee := call.Common().StaticCallee()
			if callee == nil || callee.Pkg != fn.Pkg || callee.Parent() != nil || depth == 0 {
				continue
			}
			for _, inner := range doneOf(callee, depth-1) {
				if at, ok := placeOf(call.Common().Args[inner.Param], nil); ok {
					places = append(places, Place{at.Param, slices.Concat(at.Fields, inner.Fields)})
				}
			}
		}
	}
	return places
}
