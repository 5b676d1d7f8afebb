package lockset

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Mode says how a lock is held.
type Mode uint8

// The modes of a lock. Any number of goroutines may share one.
const (
	Shared Mode = iota
	Exclusive
)

// A Kind is what an operation does to its lock.
type Kind uint8

// The kinds of operations.
const (
	None    Kind = iota
	Acquire      // waits for the lock and takes it
	Try          // takes the lock or reports that it cannot
	Release
	Convert // turns one guard into another of the same lock
	Within  // runs a function with the lock held
	CondWait
)

// An Op is a call that acts on a lock.
type Op struct {
	Kind Kind
	Mode Mode
	// Lock is the lock itself, or the condition variable of a CondWait.
	Lock ssa.Value
	// Guard is the guard that a Release, Convert or CondWait of this library's locks is given.
	Guard ssa.Value
	// Guarded says that the call returns a guard, which owns the lock.
	Guarded bool
	// Cell says that the lock is a cell.RefCell, for one goroutine only.
	Cell bool
	// Func is what Within runs.
	Func ssa.Value
}

// Args returns call's arguments, the receiver first, whether the method is
// called, deferred, called through an interface or bound.
func Args(call *ssa.CallCommon) []ssa.Value {
	if call.IsInvoke() {
		return append([]ssa.Value{call.Value}, call.Args...)
	}
	if c, ok := call.Value.(*ssa.MakeClosure); ok && c.Fn.(*ssa.Function).Synthetic != "" {
		return append(append([]ssa.Value{}, c.Bindings...), call.Args...)
	}
	return call.Args
}

// OpOf returns what call does to a lock; Kind is None if it is not such a call.
func OpOf(call *ssa.CallCommon) Op {
	f := api.CalleeOf(call)
	switch {
	case f.Recv == "":
	case f.Pkg == "sync":
		return stdOp(call, f.Recv, f.Name)
	case f.Pkg == api.Lock:
		return libraryOp(call, f.Recv, f.Name)
	case f.Pkg == api.Cell:
		return cellOp(call, f.Recv, f.Name)
	}
	if call.IsInvoke() && isLocker(call.Value.Type()) {
		return stdOp(call, "Locker", f.Name)
	}
	return Op{}
}

// isLocker reports whether t is an interface with the methods of sync.Locker
// and no others but those of the same kind.
func isLocker(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok || i.NumMethods() < 2 {
		return false
	}
	for m := range i.Methods() {
		switch m.Name() {
		case "Lock", "Unlock", "RLock", "RUnlock", "TryLock", "TryRLock":
			if m.Signature().Params().Len() != 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func stdOp(call *ssa.CallCommon, recv, name string) Op {
	switch recv {
	case "Mutex", "RWMutex", "Locker":
	case "Cond":
		if name == "Wait" {
			return Op{Kind: CondWait, Lock: Args(call)[0]}
		}
		return Op{}
	default:
		return Op{}
	}
	op := Op{Lock: Args(call)[0], Mode: Exclusive}
	switch name {
	case "Lock":
		op.Kind = Acquire
	case "RLock":
		op.Kind, op.Mode = Acquire, Shared
	case "TryLock":
		op.Kind = Try
	case "TryRLock":
		op.Kind, op.Mode = Try, Shared
	case "Unlock":
		op.Kind = Release
	case "RUnlock":
		op.Kind, op.Mode = Release, Shared
	}
	if recv == "Locker" && isRLocker(op.Lock) {
		op.Mode = Shared
	}
	return op
}

// isRLocker reports whether the sync.Locker v is the RLocker of a sync.RWMutex.
func isRLocker(v ssa.Value) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		if s := OnlyStore(load.X); s != nil {
			v = s
		}
	}
	call, ok := v.(*ssa.Call)
	return ok && api.CalleeOf(&call.Call) == rlocker
}

var rlocker = api.Func{Pkg: "sync", Recv: "RWMutex", Name: "RLocker"}

func libraryOp(call *ssa.CallCommon, recv, name string) Op {
	args := Args(call)
	switch recv {
	case "Mutex", "RWLock":
	case "Guard", "ReadGuard", "WriteGuard", "UpgradableGuard":
		op := Op{Guard: args[0], Mode: Exclusive}
		if recv == "ReadGuard" || recv == "UpgradableGuard" {
			op.Mode = Shared
		}
		switch name {
		case "Unlock":
			op.Kind = Release
		case "Downgrade":
			op.Kind, op.Guarded, op.Mode = Convert, true, Shared
		case "Upgrade":
			op.Kind, op.Guarded, op.Mode = Convert, true, Exclusive
		}
		if name == "TryUpgrade" || name == "UpgradeTimeout" || name == "UpgradeContext" {
			op.Kind = Convert // or not: the result says which guard is valid
		}
		return op
	case "Condvar":
		if !strings.HasPrefix(name, "Wait") {
			return Op{}
		}
		op := Op{Kind: CondWait, Lock: args[0]}
		for _, a := range args[1:] {
			if a = unwrap(a); IsGuard(a.Type()) {
				op.Guard = a
			}
		}
		return op
	default:
		return Op{}
	}
	op := Op{Lock: args[0], Mode: Exclusive, Kind: Acquire, Guarded: true}
	try := strings.HasPrefix(name, "Try")
	base := strings.TrimPrefix(name, "Try")
	for _, suffix := range []string{"Result", "Timeout", "Context"} {
		if strings.HasSuffix(base, suffix) {
			base = strings.TrimSuffix(base, suffix)
			try = try || suffix != "Result"
		}
	}
	if try {
		op.Kind = Try
	}
	switch base {
	case "Lock", "Write":
	case "Read", "UpgradableRead":
		op.Mode = Shared
	case "With", "WithWrite":
		op.Kind, op.Guarded = Within, false
		op.Func = args[len(args)-1]
	case "WithRead":
		op.Kind, op.Guarded, op.Mode = Within, false, Shared
		op.Func = args[len(args)-1]
	default:
		return Op{}
	}
	return op
}

func cellOp(call *ssa.CallCommon, recv, name string) Op {
	args := Args(call)
	op := Op{Mode: Exclusive, Cell: true}
	switch recv {
	case "Ref", "RefMut":
		op.Guard = args[0]
		if recv == "Ref" {
			op.Mode = Shared
		}
		if name == "Release" {
			op.Kind = Release
		}
		return op
	case "RefCell":
	default:
		return Op{}
	}
	op.Lock = args[0]
	switch name {
	case "Borrow":
		op.Kind, op.Mode, op.Guarded = Acquire, Shared, true
	case "BorrowMut":
		op.Kind, op.Guarded = Acquire, true
	case "TryBorrow":
		op.Kind, op.Mode, op.Guarded = Try, Shared, true
	case "TryBorrowMut":
		op.Kind, op.Guarded = Try, true
	case "With":
		op.Kind, op.Mode, op.Func = Within, Shared, args[len(args)-1]
	case "WithMut":
		op.Kind, op.Func = Within, args[len(args)-1]
	}
	return op
}

// IsGuard reports whether t, or what it points to, is a guard of this library.
func IsGuard(t types.Type) bool {
	switch n := api.TypeOf(t); n.Pkg {
	case api.Lock:
		return n.Name == "Guard" || n.Name == "ReadGuard" || n.Name == "WriteGuard" || n.Name == "UpgradableGuard"
	case api.Cell:
		return n.Name == "Ref" || n.Name == "RefMut"
	}
	return false
}

// Origins returns the values that v, or the local variable that v points to,
// may hold, followed back to calls, parameters and other sources.
func Origins(v ssa.Value) []ssa.Value {
	var out []ssa.Value
	seen := map[ssa.Value]bool{}
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if v == nil || seen[v] {
			return
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Phi:
			for _, e := range v.Edges {
				visit(e)
			}
			return
		case *ssa.Alloc:
			stores, _ := Stores(v)
			for _, s := range stores {
				visit(s.Val)
			}
			return
		case *ssa.UnOp:
			if isVariable(v.X) {
				visit(v.X)
				return
			}
		case *ssa.FreeVar:
			if b := Binding(v); b != nil {
				visit(b)
				return
			}
		case *ssa.ChangeType:
			visit(v.X)
			return
		}
		out = append(out, v)
	}
	visit(v)
	return out
}

func isVariable(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.FreeVar:
		b := Binding(v)
		return b != nil && isVariable(b)
	}
	return false
}

// guardCall returns the call that v is the guard of: v itself or what it was extracted from.
func guardCall(v ssa.Value) ssa.Value {
	if e, ok := v.(*ssa.Extract); ok {
		return e.Tuple
	}
	return v
}
