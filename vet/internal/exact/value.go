package exact

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A value is what a register or a cell of memory holds: nil (of any type that
// has one), int64 (the bits of any integer), float64, bool, string, or one of
// the types below.
type value any

type (
	// pointer is the address of cell off of an object.
	pointer struct{ obj, off int }
	// slice has n elements from cell off on, and room for max.
	slice struct{ obj, off, n, max int }
	// reference is a map or a channel.
	reference struct{ obj int }
	// closure is a function with the variables it has captured.
	closure struct {
		fn   *ssa.Function
		free []value
	}
	// boxed is an interface value.
	boxed struct {
		typ types.Type
		val value
	}
	// aggregate is a struct or an array, cell by cell.
	aggregate []value
	// tuple is what a function with several results returns.
	tuple []value
	// unknown is a scalar of which nothing is known.
	unknown struct{}
)

// A giveUp is the panic by which the search ends when it meets something
// that it does not understand.
type giveUp struct{ reason string }

func stop(reason string) { panic(giveUp{reason}) }

// maxCells is how large one object may be.
const maxCells = 4096

// opaque are types of which only one cell is known: what orders by itself.
// Its cell holds the field that programs can see, if there is one.
func opaqueType(t types.Type) bool {
	if _, isPointer := types.Unalias(t).(*types.Pointer); isPointer {
		return false
	}
	n := api.TypeOf(t)
	switch n.Pkg {
	case "sync", "sync/atomic":
		_, isStruct := t.Underlying().(*types.Struct)
		return isStruct
	case "time":
		return n.Name == "Timer" || n.Name == "Ticker" || n.Name == "Time"
	case "testing":
		return n.Name == "T" || n.Name == "B"
	}
	return false
}

// layouts counts the cells of types.
type layouts map[types.Type]int

func (l layouts) cells(t types.Type) int {
	if n, ok := l[t]; ok {
		return n
	}
	n := 1
	if !opaqueType(t) {
		switch u := t.Underlying().(type) {
		case *types.Struct:
			n = 0
			for f := range u.Fields() {
				n += l.cells(f.Type())
			}
		case *types.Array:
			each := l.cells(u.Elem())
			if n = int(u.Len()) * each; u.Len() > maxCells || n > maxCells {
				stop("a large array")
			}
		}
	}
	l[t] = n
	return n
}

// field is where field i of struct type t begins.
func (l layouts) field(t types.Type, i int) int {
	if opaqueType(t) {
		return 0
	}
	st := t.Underlying().(*types.Struct)
	n := 0
	for j := range i {
		n += l.cells(st.Field(j).Type())
	}
	return n
}

// isAggregate reports whether values of type t are kept cell by cell.
func isAggregate(t types.Type) bool {
	if opaqueType(t) {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}

// zeros appends the cells of the zero value of t.
func (l layouts) zeros(t types.Type, out []value) []value {
	if opaqueType(t) {
		switch n := api.TypeOf(t); {
		case n.Name == "Bool":
			return append(out, false)
		case n.Pkg == "sync/atomic" && n.Name != "Pointer" && n.Name != "Value":
			return append(out, int64(0))
		}
		return append(out, nil)
	}
	if isParam(t) {
		return append(out, unknown{})
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			out = l.zeros(f.Type(), out)
		}
		return out
	case *types.Array:
		if l.cells(t) == 0 {
			return out
		}
		for range u.Len() {
			out = l.zeros(u.Elem(), out)
		}
		return out
	case *types.Basic:
		switch info := u.Info(); {
		case info&types.IsInteger != 0:
			return append(out, int64(0))
		case info&types.IsBoolean != 0:
			return append(out, false)
		case info&types.IsString != 0:
			return append(out, "")
		case info&types.IsFloat != 0:
			return append(out, float64(0))
		}
		if u.Kind() == types.UnsafePointer || u.Info()&types.IsComplex != 0 {
			stop("unsafe or complex values")
		}
	}
	return append(out, nil)
}

// zero is the zero value of t.
func (l layouts) zero(t types.Type) value {
	if tup, ok := t.(*types.Tuple); ok {
		var out tuple
		for i := range tup.Len() {
			out = append(out, l.zero(tup.At(i).Type()))
		}
		return out
	}
	cells := l.zeros(t, nil)
	if isAggregate(t) {
		return aggregate(cells)
	}
	return cells[0]
}

// equal compares two values with ==. known is false if that is not known.
func equal(a, b value) (same, known bool) {
	switch x := a.(type) {
	case unknown:
		return false, false
	case aggregate:
		y := b.(aggregate)
		all := true
		for i := range x {
			same, known := equal(x[i], y[i])
			if !known {
				return false, false
			}
			all = all && same
		}
		return all, true
	case boxed:
		y, ok := b.(boxed)
		if !ok {
			_, un := b.(unknown)
			return false, !un
		}
		if !types.Identical(x.typ, y.typ) {
			return false, true
		}
		return equal(x.val, y.val)
	case *closure, slice:
		return false, true // only compared with nil
	}
	switch b.(type) {
	case unknown:
		return false, false
	case *closure, slice, aggregate, boxed:
		return false, true
	}
	return a == b, true
}

// holdsLock reports whether a value of type t holds a lock, a group or another
// of the types of package sync.
func holdsLock(t types.Type) bool {
	if opaqueType(t) {
		return api.TypeOf(t).Pkg == "sync"
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holdsLock(f.Type()) {
				return true
			}
		}
	case *types.Array:
		return holdsLock(u.Elem())
	}
	return false
}
