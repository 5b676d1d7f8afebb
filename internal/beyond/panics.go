package beyond

import (
	"go/ast"
	"go/types"
	"path/filepath"
)

// recovers reports whether the loop's function, or one of those that called it, may end a
// panic. The library ends none but with its thread.
func (r *round) recovers() bool {
	for i, at := range r.callers {
		if ofLibrary(at) {
			continue
		}
		of, function := r.of, r.function
		if i < len(r.callers)-1 {
			if of = r.loader.holding(packageOf(at.Function), filepath.Base(at.File)); of == nil || of.listed.Standard {
				continue
			}
			if function = r.loader.functionAt(of, at, at.Line, at.Line); function == nil {
				return true
			}
		}
		for _, n := range within(function) {
			if d, ok := n.(*ast.DeferStmt); ok && r.mayRecover(of, d.Call) {
				return true
			}
		}
	}
	return false
}

// mayRecover reports whether a call that is deferred may end a panic.
func (r *round) mayRecover(of *source, c *ast.CallExpr) bool {
	var body ast.Node
	if lit, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		body = lit.Body
	} else {
		fn, ok := called(of, ast.Unparen(c.Fun)).(*types.Func)
		if !ok || fn.Pkg() == nil {
			_, builtin := called(of, ast.Unparen(c.Fun)).(*types.Builtin)
			return !builtin
		}
		f := r.loader.funcs[fn.Origin().FullName()]
		if f == nil {
			return fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type())
		}
		of, body = f.of, f.decl.Body
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			_, builtin := of.info.Uses[id].(*types.Builtin)
			found = found || builtin && id.Name == "recover"
		}
		return !found
	})
	return found
}
