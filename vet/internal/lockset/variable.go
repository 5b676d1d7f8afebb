package lockset

import (
	"golang.org/x/tools/go/ssa"
)

// OnlyStore returns the value of the variable addr if it is assigned exactly
// once, wherever it is captured, and otherwise nil.
func OnlyStore(addr ssa.Value) ssa.Value {
	if fv, ok := addr.(*ssa.FreeVar); ok {
		addr = Binding(fv)
		if inner, ok := addr.(*ssa.FreeVar); ok {
			return OnlyStore(inner)
		}
	}
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return nil
	}
	if stores, whole := Stores(alloc); whole && len(stores) == 1 {
		return stores[0].Val
	}
	return nil
}

// Stores returns the assignments to the variable addr as a whole, in its
// function and in the closures that capture it. It reports false if the
// variable's address is used in other ways than to load, store, select from
// it or capture it.
func Stores(addr ssa.Value) (stores []*ssa.Store, whole bool) {
	whole = true
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				stores = append(stores, ref)
			} else {
				whole = false
			}
		case *ssa.UnOp, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b != addr {
					continue
				}
				inner, w := Stores(ref.Fn.(*ssa.Function).FreeVars[i])
				stores = append(stores, inner...)
				whole = whole && w
			}
		case ssa.CallInstruction:
			// A method with a pointer receiver cannot be told from
			// another use; it rarely assigns the whole variable.
			if ref.Common().IsInvoke() || len(ref.Common().Args) == 0 || ref.Common().Args[0] != addr {
				whole = false
			}
		default:
			whole = false
		}
	}
	return stores, whole
}

// Binding returns the value that the closure of v's function captures for v,
// or nil if the closure is made in more than one place.
func Binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	made := closures(fn)
	if len(made) != 1 {
		return nil
	}
	for i, fv := range fn.FreeVars {
		if fv == v {
			return made[0].Bindings[i]
		}
	}
	return nil
}

// closures returns where the closures of fn are made.
func closures(fn *ssa.Function) []*ssa.MakeClosure {
	var made []*ssa.MakeClosure
	if fn.Parent() == nil {
		return nil
	}
	if refs := fn.Referrers(); refs != nil {
		for _, ref := range *refs {
			if c, ok := ref.(*ssa.MakeClosure); ok && c.Fn == fn {
				made = append(made, c)
			}
		}
		return made
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if c, ok := instr.(*ssa.MakeClosure); ok && c.Fn == fn {
				made = append(made, c)
			}
		}
	}
	return made
}
