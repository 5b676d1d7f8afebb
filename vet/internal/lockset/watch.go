package lockset

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// GuardedBy opens a comment that names the lock of a field or variable.
const GuardedBy = "//fearless:guardedby"

// watches reports whether the package says of some memory which lock guards it.
func (c *computation) watches() bool {
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
	case *ssa.UnOp, *ssa.Store, *ssa.MapUpdate, *ssa.Lookup, *ssa.Range, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeClosure, ssa.CallInstruction:
		held := s.held()
		if w.once("watch", ptr(instr), keys(held)) {
			w.c.res.at[instr] = append(w.c.res.at[instr], held)
		}
	}
}

// HeldAt reports whether a lock like want is held on each path to instr, and
// exclusively if so asked. An instruction that no path was followed to holds
// all. It is known only in packages that have a GuardedBy comment.
func (r *Result) HeldAt(instr ssa.Instruction, want Path, exclusive bool) bool {
	return !slices.ContainsFunc(r.at[instr], func(held []Holding) bool {
		return !slices.ContainsFunc(held, func(h Holding) bool {
			same := h.Lock.Same(want) || (!h.Lock.Known() || !want.Known()) && want.Class != "" && h.Lock.Class == want.Class
			return same && (!exclusive || h.Mode == Exclusive)
		})
	})
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

// UsesOf are the places of the package that call fn; nil if it is used as a
// value, or may be called by an interface.
func (r *Result) UsesOf(fn *ssa.Function) []ssa.CallInstruction { return r.usesOf(fn) }
