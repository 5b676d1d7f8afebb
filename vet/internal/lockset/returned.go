package lockset

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A function may end with a lock held and give it to its caller: as a result
// that is the lock, or that leads to it. Whether that result is the lock on the
// path that is walked, or nil, is known where SSA form has joined the two in one
// variable, since the walk notes which of them it came by.

// returns follows a return of results: the locks among them are the caller's.
func (w *walker) returns(s state, results []ssa.Value) state {
	for i, h := range s.locks {
		if h.Status != Held || h.Guard != nil || !h.Lock.Known() {
			continue
		}
		for _, v := range results {
			if !s.nilKnown(v) && leadsTo(v, h.Lock, 4) {
				s = s.clone()
				s.locks[i].Status = Given
				w.out.Given[h.At] = true
				break
			}
		}
	}
	return s
}

// nilKnown reports whether v is nil on the path so far.
func (s *state) nilKnown(v ssa.Value) bool {
	if c, ok := v.(*ssa.Const); ok {
		return c.IsNil()
	}
	key := "nil=" + operandKey(v)
	for _, c := range s.conds {
		if c.key == key {
			return c.holds
		}
	}
	return false
}

// leadsTo reports whether v is the lock p, or an object, made here, that keeps
// a pointer to it.
func leadsTo(v ssa.Value, p Path, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, o := range Origins(v) {
		switch x := o.(type) {
		case *ssa.MakeInterface:
			if leadsTo(x.X, p, depth-1) {
				return true
			}
			continue
		case *ssa.UnOp: // a struct that was made here, by value
			if alloc, ok := x.X.(*ssa.Alloc); ok && keeps(alloc, p, depth) {
				return true
			}
		case *ssa.Alloc:
			if keeps(x, p, depth) {
				return true
			}
		case *ssa.MakeClosure:
			if lock, ok := boundRelease(x); ok && Resolve(lock).Same(p) {
				return true
			}
			continue
		}
		if mayBeLock(o.Type()) && Resolve(o).Same(p) {
			return true
		}
	}
	// The variable itself, made here: Origins looks through it.
	if alloc, ok := v.(*ssa.Alloc); ok {
		return keeps(alloc, p, depth)
	}
	return false
}

// keeps reports whether a field of alloc is set to what leads to the lock p.
func keeps(alloc *ssa.Alloc, p Path, depth int) bool {
	for _, ref := range *alloc.Referrers() {
		field, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *field.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == ssa.Value(field) && leadsTo(st.Val, p, depth-1) {
				return true
			}
		}
	}
	return false
}

// mayBeLock reports whether a value of type t can be a pointer to a lock that
// its holder can unlock.
func mayBeLock(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
	default:
		return false
	}
	n := api.TypeOf(t)
	return n.Pkg == "sync" && (n.Name == "Mutex" || n.Name == "RWMutex") || isLocker(t)
}

// boundRelease returns the lock that the method value closure, such as
// mu.Unlock, gives back when it is called.
func boundRelease(closure *ssa.MakeClosure) (lock ssa.Value, ok bool) {
	fn := closure.Fn.(*ssa.Function)
	obj, isMethod := fn.Object().(*types.Func)
	if fn.Synthetic == "" || !isMethod || len(closure.Bindings) != 1 {
		return nil, false
	}
	f := api.Of(obj)
	if f.Name != "Unlock" && f.Name != "RUnlock" {
		return nil, false
	}
	if f.Pkg != "sync" && !isLocker(closure.Bindings[0].Type()) {
		return nil, false
	}
	return closure.Bindings[0], true
}

// countReturned counts the variables, joined of several, that a function
// returns and that may be a lock: whether they are nil is asked at the return.
func countReturned(v ssa.Value, m map[string]int) {
	phi, ok := v.(*ssa.Phi)
	if !ok {
		if load, isLoad := v.(*ssa.UnOp); isLoad && isVariable(load.X) {
			m["nil="+operandKey(load)]++
		}
		return
	}
	if key := "nil=" + ptr(phi) + ";"; m[key] == 0 {
		m[key]++
		for _, e := range phi.Edges {
			countReturned(e, m)
		}
	}
}
