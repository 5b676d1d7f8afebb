package schedtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// rewriteDirect gives each use of a function of sync/atomic in a Go file a
// scheduling point, by calling its twin (see patchAtomic). It returns nil if
// there is none. No line moves.
func rewriteDirect(name string, text []byte) ([]byte, error) {
	if !strings.Contains(string(text), `"sync/atomic"`) {
		return nil, nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, 0)
	if err != nil {
		return nil, fmt.Errorf("cannot parse %s: %w", name, err)
	}
	pkg := ""
	for _, imp := range f.Imports {
		if path, _ := strconv.Unquote(imp.Path.Value); path == "sync/atomic" {
			pkg = "atomic"
			if imp.Name != nil {
				pkg = imp.Name.Name
			}
		}
	}
	if pkg == "" || pkg == "_" || pkg == "." {
		return nil, nil
	}
	var edits []edit
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		// The deprecated resolution of identifiers is enough here: Obj is
		// nil for the name of an import, and set for a variable that hides it.
		if id, ok := sel.X.(*ast.Ident); ok && id.Name == pkg && id.Obj == nil && isAtomicFunc(sel.Sel.Name) {
			at := fset.Position(sel.Sel.Pos()).Offset
			edits = append(edits, edit{at, at, directPrefix})
		}
		return true
	})
	if len(edits) == 0 {
		return nil, nil
	}
	return applyEdits(text, edits), nil
}

func isAtomicFunc(name string) bool {
	for _, op := range []string{"Swap", "CompareAndSwap", "Add", "And", "Or", "Load", "Store"} {
		if t, ok := strings.CutPrefix(name, op); ok {
			switch t {
			case "Int32", "Int64", "Uint32", "Uint64", "Uintptr", "Pointer":
				return true
			}
		}
	}
	return false
}
