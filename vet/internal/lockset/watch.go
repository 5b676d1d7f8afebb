package lockset

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// GuardedBy opens a comment that names the lock of a field or variable.
const GuardedBy = "//fearless:guardedby"

// watches reports whether the package says of some memory which lock guards
// it, or has a struct with a lock in it.
func (c *computation) watches() bool {
	for _, name := range c.pass.Pkg.Scope().Names() {
		if t, ok := c.pass.Pkg.Scope().Lookup(name).(*types.TypeName); ok && len(LocksIn(t.Type())) > 0 {
			return true
		}
	}
	for _, f := range c.pass.Files {
		for _, group := range f.Comments {
			for _, comment := range group.List {
				if strings.HasPrefix(comment.Text, GuardedBy) {
					return true
				}
			}
		}
	}
	return false
}

// watch notes what is held at instr, on one path.
func (w *walker) watch(s state, instr ssa.Instruction) {
	switch instr.(type) {
	case *ssa.UnOp, *ssa.Store, *ssa.MapUpdate, *ssa.Lookup, *ssa.Range, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeClosure, *ssa.Return, ssa.CallInstruction:
		held := s.held()
		if w.once("watch", ptr(instr), keys(held)) {
			w.c.res.at[instr] = append(w.c.res.at[instr], held)
		}
	}
}

// HeldAt reports whether a lock like want is held on each path to instr, and
// exclusively if so asked. An instruction that no path was followed to holds
// all. It is known only in packages with a GuardedBy comment or a struct that has
// a lock.
func (r *Result) HeldAt(instr ssa.Instruction, want Path, exclusive bool) bool {
	return !slices.ContainsFunc(r.at[instr], func(held []Holding) bool { return !among(held, want, exclusive) })
}

func among(held []Holding, want Path, exclusive bool) bool {
	return slices.ContainsFunc(held, func(h Holding) bool {
		same := h.Lock.Same(want) || (!h.Lock.Known() || !want.Known()) && want.Class != "" && h.Lock.Class == want.Class
		return same && (!exclusive || h.Mode == Exclusive)
	})
}

// ReturnsWith reports whether fn returns, on some path, with a lock like want held
// exclusively. It is known in the same packages as HeldAt.
func (r *Result) ReturnsWith(fn *ssa.Function, want Path) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(r.at[b.Instrs[len(b.Instrs)-1]], func(held []Holding) bool {
			_, returns := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			return returns && among(held, want, true)
		})
	})
}

// NoneHeldAt reports whether no lock is held on any path to instr, and there is
// one. It is known in the same packages as HeldAt.
func (r *Result) NoneHeldAt(instr ssa.Instruction) bool {
	return len(r.at[instr]) > 0 && !slices.ContainsFunc(r.at[instr], func(held []Holding) bool { return len(held) > 0 })
}

// LocksIn are the indexes of the fields of the struct t that are locks, or
// point to one.
func LocksIn(t types.Type) (fields []int) {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for i := range st.NumFields() {
		if IsLock(st.Field(i).Type()) {
			fields = append(fields, i)
		}
	}
	return fields
}

// IsLock reports whether t, or what it points to, has Lock and Unlock, or is
// one of this library's locks.
func IsLock(t types.Type) bool {
	if name := api.TypeOf(t); name.Pkg == api.Lock && (name.Name == "Mutex" || name.Name == "RWLock") {
		return true
	}
	for _, name := range []string{"Lock", "Unlock"} {
		m, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		fn, ok := m.(*types.Func)
		if !ok || fn.Signature().Params().Len() > 0 {
			return false
		}
	}
	return true
}

// LockIn is the lock in field i of the struct that base points to.
func LockIn(base ssa.Value, i int) Path {
	p := Resolve(base).field(base.Type(), i)
	st := base.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	switch st.Field(i).Type().Underlying().(type) {
	case *types.Pointer, *types.Interface:
		p.sel += "*"
	}
	return p
}

// LockOf is the lock that the package variable g is or points to.
func LockOf(g *ssa.Global) Path {
	p := Resolve(g)
	switch g.Type().Underlying().(*types.Pointer).Elem().Underlying().(type) {
	case *types.Pointer, *types.Interface:
		p.sel += "*"
	}
	return p
}

// Within is the variable, parameter or new object that p is a part of, or nil
// if a pointer in memory leads to p.
func (p Path) Within() ssa.Value {
	if strings.Contains(strings.TrimSuffix(p.sel, "*"), "*") {
		return nil
	}
	return p.Root
}

// Functions are those of the package that have a source.
func (r *Result) Functions() []*ssa.Function { return r.all }

// UsesOf are the places of the package that call fn; nil if it is used as a
// value, or may be called by an interface.
func (r *Result) UsesOf(fn *ssa.Function) []ssa.CallInstruction { return r.usesOf(fn) }
