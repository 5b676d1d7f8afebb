package ordering

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// guarded reports whether a lock of the same struct is held by the plain read p
// and, exclusively, by all in the package that writes the field atomically: then
// no write comes beside the read, and the atomic operations are for those who
// read without the lock.
func guarded(c guarding.Checker, p plainAccess, all []access) bool {
	field := fieldAddr(addressOf(p.instr))
	if field == nil {
		return false
	}
	named, ok := structOf(field).(*types.Named)
	// What is held is known only in packages that declare such a type.
	if !ok || named.Obj().Pkg() != c.Pkg.Pkg || named.Obj().Parent() != c.Pkg.Pkg.Scope() {
		return false
	}
	return slices.ContainsFunc(lockset.LocksIn(named), func(i int) bool {
		g := guarding.Guard{Lock: named.Underlying().(*types.Struct).Field(i), Index: i}
		return c.Allowed(p.instr, false, g, field.X) && !slices.ContainsFunc(all, func(a access) bool {
			if a.kind == load {
				return false
			}
			w := fieldAddr(a.address)
			return w == nil || !types.Identical(structOf(w), named) || !c.Allowed(a.call, true, g, w.X)
		})
	})
}

// fieldAddr is the address of the field that addr is, perhaps of another type, or nil.
func fieldAddr(addr ssa.Value) *ssa.FieldAddr {
	if t, ok := addr.(*ssa.ChangeType); ok {
		addr = t.X
	}
	field, _ := addr.(*ssa.FieldAddr)
	return field
}

func structOf(field *ssa.FieldAddr) types.Type {
	return types.Unalias(field.X.Type().Underlying().(*types.Pointer).Elem())
}
