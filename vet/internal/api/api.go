// Package api recognises the functions and types of fearless, of Go's
// standard library and of other well-known concurrency packages, by package
// path and name.
package api

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Root is the import path of the library.
const Root = "github.com/fearless-go/fearless"

// Import paths of the library's packages.
const (
	Thread = Root + "/thread"
	Lock   = Root + "/lock"
	Atomic = Root + "/atomic"
	Arc    = Root + "/arc"
	Rc     = Root + "/rc"
	Cell   = Root + "/cell"
	Marker = Root + "/marker"
	Model  = Root + "/model"
)

// A Func names a function or method: its package's path, its receiver's
// type ("" for a function) without pointer and type arguments, its name.
type Func struct{ Pkg, Recv, Name string }

// String is the way Go code spells it: wg.Go is "sync.WaitGroup.Go".
func (f Func) String() string {
	s := f.Pkg[strings.LastIndex(f.Pkg, "/")+1:]
	if f.Recv != "" {
		s += "." + f.Recv
	}
	return s + "." + f.Name
}

// Of names fn. It sees through instantiation. The zero Func stands for nil.
func Of(fn *types.Func) Func {
	if fn == nil {
		return Func{}
	}
	fn = fn.Origin()
	f := Func{Name: fn.Name()}
	if fn.Pkg() != nil {
		f.Pkg = unvendored(fn.Pkg().Path())
	}
	if recv := fn.Signature().Recv(); recv != nil {
		f.Recv = TypeOf(recv.Type()).Name
	}
	return f
}

// A Type names a type: its package's path and its name.
type Type struct{ Pkg, Name string }

// TypeOf names t. It sees through one pointer, aliases and instantiation.
// The zero Type stands for a type without a name.
func TypeOf(t types.Type) Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return Type{}
	}
	obj := n.Origin().Obj()
	if obj.Pkg() == nil {
		return Type{Name: obj.Name()}
	}
	return Type{unvendored(obj.Pkg().Path()), obj.Name()}
}

// unvendored strips the vendor folder from an import path, and the mark of a
// test variant ("p [p.test]").
func unvendored(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		path = path[i+len("/vendor/"):]
	}
	path = strings.TrimPrefix(path, "vendor/")
	if i := strings.Index(path, " ["); i >= 0 {
		path = path[:i]
	}
	return path
}

// Callee is the function that call names: a static callee, or the method of
// an interface. It is nil for a function value that is not evident.
func Callee(call *ssa.CallCommon) *types.Func {
	if call.IsInvoke() {
		return call.Method
	}
	switch fn := Target(call.Value); {
	case fn == nil:
		return nil
	case fn.Object() != nil:
		obj, _ := fn.Object().(*types.Func)
		return obj
	case fn.Origin() != nil:
		obj, _ := fn.Origin().Object().(*types.Func)
		return obj
	}
	return nil
}

// CalleeOf names the function that call names, or is the zero Func.
func CalleeOf(call *ssa.CallCommon) Func { return Of(Callee(call)) }

// Target is the function that v holds, where that is evident: a function, a
// closure, a conversion of one. It is nil otherwise.
func Target(v ssa.Value) *ssa.Function {
	for {
		switch x := v.(type) {
		case *ssa.Function:
			return x
		case *ssa.MakeClosure:
			fn, _ := x.Fn.(*ssa.Function)
			return fn
		case *ssa.ChangeType:
			v = x.X
		default:
			return nil
		}
	}
}

// Args are the arguments of call without the receiver.
func Args(call *ssa.CallCommon) []ssa.Value {
	if call.IsInvoke() || call.Signature().Recv() == nil || len(call.Args) == 0 {
		return call.Args
	}
	return call.Args[1:]
}

// Receiver is the value (nearly always a pointer) on which call invokes a
// method, or nil.
func Receiver(call *ssa.CallCommon) ssa.Value {
	switch {
	case call.IsInvoke():
		return call.Value
	case call.Signature().Recv() != nil && len(call.Args) > 0:
		return call.Args[0]
	}
	return nil
}
