package guarding

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A Guard is a lock that guards memory beside it.
type Guard struct {
	Lock  *types.Var
	Index int // of the lock among the fields of its struct
}

// A Checker knows which locks are held in the functions of a package.
type Checker struct {
	Pkg    *ssa.Package
	Locks  *lockset.Result
	Starts *goroutine.Result
}

// maxCallers is how many callers up the lock is looked for.
const maxCallers = 5

// Allowed reports whether the lock of g is held whenever at happens, by its
// function or by all that call that, or needs not be: the object that base
// points to (nil for a package variable) is known to nobody else yet.
func (c *Checker) Allowed(at ssa.Instruction, write bool, g Guard, base ssa.Value) bool {
	return c.allowed(at, write, g, base, 0)
}

func (c *Checker) allowed(at ssa.Instruction, write bool, g Guard, base ssa.Value, depth int) bool {
	want := c.LockOf(g, base)
	fn := at.Parent()
	if c.Locks.HeldAt(at, want, write) || base == nil && first(fn) {
		return true
	}
	if made, ok := want.Within().(*ssa.Alloc); ok && base != nil && Owned(made, at) {
		return true
	}
	if depth == maxCallers {
		return false
	}
	if fn.Parent() != nil {
		return c.handedOver(fn, write, g, base, depth)
	}
	param, isParam := want.Within().(*ssa.Parameter)
	if base != nil && (!isParam || lockset.Resolve(base).Root != ssa.Value(param) || base != ssa.Value(param)) {
		return false
	}
	calls := c.Locks.UsesOf(fn)
	if obj, ok := fn.Object().(*types.Func); !ok || obj.Exported() || len(calls) == 0 {
		return false // who calls it is not known
	}
	for _, site := range calls {
		arg := base
		if base != nil {
			arg = site.Common().Args[index(fn, param)]
		}
		switch site.(type) {
		case *ssa.Go:
			return false
		case *ssa.Defer:
			continue // when the lock is given back by then is not looked at
		}
		if !c.allowed(site, write, g, arg, depth+1) {
			return false
		}
	}
	return true
}

// handedOver reports whether the literal fn is only handed to calls that are
// made with the lock held, and that start no goroutine with it.
func (c *Checker) handedOver(fn *ssa.Function, write bool, g Guard, base ssa.Value, depth int) bool {
	sites := 0
	for _, ref := range *fn.Referrers() {
		users := []ssa.Instruction{ref}
		if made, ok := ref.(*ssa.MakeClosure); ok {
			users = *made.Referrers()
		}
		for _, user := range users {
			call, ok := user.(*ssa.Call)
			if !ok || len(c.Starts.At(call)) > 0 {
				return false
			}
			sites++
			given, _ := ref.(ssa.Value)
			if given == nil {
				given = fn
			}
			if !c.allowed(call, write, g, outer(base), depth+1) && !c.runsLocked(call, given, write, g, outer(base)) {
				return false
			}
		}
	}
	return sites > 0
}

// runsLocked reports whether the function that is called runs what it is given
// only while it holds the lock itself: that of the same object, which it is
// given as well.
func (c *Checker) runsLocked(call *ssa.Call, given ssa.Value, write bool, g Guard, base ssa.Value) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || len(callee.Blocks) == 0 {
		return false
	}
	var within ssa.Value // what base is there
	var runs *ssa.Parameter
	for i, arg := range call.Call.Args {
		switch {
		case arg == given:
			runs = callee.Params[i]
		case base != nil && lockset.Resolve(arg).Same(lockset.Resolve(base)):
			within = callee.Params[i]
		}
	}
	if runs == nil || base != nil && within == nil {
		return false
	}
	for _, user := range *runs.Referrers() {
		run, ok := user.(*ssa.Call)
		if !ok || run.Call.Value != ssa.Value(runs) || !c.Locks.HeldAt(run, c.LockOf(g, within), write) {
			return false
		}
	}
	return true
}

// outer is what a captured base is in the function around.
func outer(base ssa.Value) ssa.Value {
	switch x := base.(type) {
	case *ssa.UnOp:
		if free, ok := x.X.(*ssa.FreeVar); ok {
			if cell, ok := lockset.Binding(free).(*ssa.Alloc); ok {
				if only := lockset.OnlyStore(cell); only != nil {
					return only
				}
			}
		}
	case *ssa.FreeVar:
		if bound := lockset.Binding(x); bound != nil {
			return bound
		}
	}
	return base
}

// LockOf is the lock of g in the object that base points to, or the package
// variable if base is nil.
func (c *Checker) LockOf(g Guard, base ssa.Value) lockset.Path {
	if base == nil {
		return lockset.LockOf(c.Pkg.Var(g.Lock.Name()))
	}
	return lockset.LockIn(base, g.Index)
}

// first reports whether fn runs before all other goroutines of its package's users.
func first(fn *ssa.Function) bool {
	return fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#"))
}

func index(fn *ssa.Function, param *ssa.Parameter) int {
	for i, p := range fn.Params {
		if p == param {
			return i
		}
	}
	return 0
}
