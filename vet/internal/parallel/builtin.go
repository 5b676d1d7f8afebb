package parallel

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"sync"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// goBuiltins has functions that only do what builtins do: for "go copy(a, b)",
// which starts a goroutine that has no function.
const goBuiltins = `package builtins

func copySlice(to, from []int)          { copy(to, from) }
func copyString(to []byte, from string) { copy(to, from) }
func deleteKey(m map[int]int, key int)  { delete(m, key) }
func clearMap(m map[int]int)            { clear(m) }
func clearSlice(s []int)                { clear(s) }
func closeChan(c chan int)              { close(c) }
`

// builtins is goBuiltins, compiled.
var builtins = sync.OnceValue(func() *ssa.Package {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "builtins.go", goBuiltins, parser.SkipObjectResolution)
	if err != nil {
		panic(err) // it is a constant
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{}, fset, types.NewPackage("builtins", ""), []*ast.File{file}, 0)
	if err != nil {
		panic(err)
	}
	return pkg
})

// isBuiltin tells whether f is a goroutine that only runs a builtin.
func (f *Frame) isBuiltin() bool {
	start, ok := f.Thread.Site.Instr.(*ssa.Go)
	return ok && f.Parent == nil && asFunction(&start.Call) == f.Fn
}

// asFunction is a function that does what "go" with the builtin does, or nil.
func asFunction(call *ssa.CallCommon) *ssa.Function {
	b, ok := call.Value.(*ssa.Builtin)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	name := b.Name()
	switch of := call.Args[len(call.Args)-1].Type().Underlying().(type) {
	case *types.Basic:
		if name == "copy" && of.Info()&types.IsString != 0 {
			return builtins().Func("copyString")
		}
	case *types.Map:
		if name == "clear" {
			return builtins().Func("clearMap")
		}
	case *types.Slice:
		if name == "copy" || name == "clear" {
			return builtins().Func(name + "Slice")
		}
	}
	switch name {
	case "delete":
		return builtins().Func("deleteKey")
	case "close":
		return builtins().Func("closeChan")
	}
	return nil
}
