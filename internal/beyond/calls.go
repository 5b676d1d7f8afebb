package beyond

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// call looks at what is called.
func (r *round) call(s *source, c *ast.CallExpr) {
	fun := ast.Unparen(c.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		fun = ast.Unparen(x.X)
	case *ast.FuncLit:
		return // walked where it stands
	}
	tv := s.info.Types[fun]
	if tv.IsType() {
		return
	}
	obj := called(s, fun)
	switch fn := obj.(type) {
	case *types.Builtin:
		switch fn.Name() {
		case "append", "copy", "delete", "clear", "close":
			r.keep(c.Pos(), "%s writes", fn.Name())
		}
	case *types.Func:
		r.callsFunc(s, c, fn.Origin())
	default:
		r.callsValue(s, c)
	}
}

// called is what the name of a called function stands for.
func called(s *source, fun ast.Expr) types.Object {
	switch x := fun.(type) {
	case *ast.Ident:
		return s.info.Uses[x]
	case *ast.SelectorExpr:
		return s.info.Uses[x.Sel]
	}
	return nil
}

// pure holds packages of the standard library whose functions write nothing
// that a caller can see, or only what is given to them to write.
var pure = []string{"math", "math/bits", "cmp", "runtime", "time", "errors", "strconv", "unicode", "unsafe"}

func (r *round) callsFunc(s *source, c *ast.CallExpr, fn *types.Func) {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		r.callsValue(s, c)
		return
	}
	if f := r.loader.funcs[fn.FullName()]; f != nil && !f.of.listed.Standard && (!inLibrary(f.of.listed.path()) || r.inTest(f)) {
		r.enter(f.of, f.decl, f.decl.Body)
		return
	}
	if fn.Pkg() == nil {
		return // Error of the universe
	}
	path := fn.Pkg().Path()
	if inLibrary(path) {
		r.callsLibrary(s, c, fn)
		return
	}
	if !slices.Contains(pure, path) {
		r.keep(c.Pos(), "%s is called, whose inside is not looked at", text(c.Fun))
	}
}

func (r *round) inTest(f *function) bool {
	return strings.HasSuffix(r.loader.fset.Position(f.decl.Pos()).Filename, "_test.go")
}

// callsLibrary is for this library: what it does to others is operations, which a
// round without effects has none of. Cells are plain memory.
func (r *round) callsLibrary(s *source, c *ast.CallExpr, fn *types.Func) {
	for _, arg := range c.Args {
		if _, isFunc := s.info.TypeOf(arg).(*types.Signature); !isFunc {
			continue
		}
		if _, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
			continue // walked where it stands
		}
		if f, ok := called(s, ast.Unparen(arg)).(*types.Func); ok {
			r.callsFunc(s, c, f.Origin())
			continue
		}
		r.keep(arg.Pos(), "%s is not known", text(arg))
	}
	switch base := fn.Pkg().Path()[len(module):]; base {
	case "cell", "rc", "linear", "thread":
		name := nameOf(fn)
		if base == "thread" && !strings.HasPrefix(name, "thread.Local.") {
			return
		}
		if !strings.Contains(name, ".UnsafeCell.") && fn.Name() != "Get" && fn.Name() != "With" {
			r.keep(c.Pos(), "%s is called", name)
		}
	}
}

// callsValue is for a function whose name does not tell: it is known if an
// operation of the round was done by it.
func (r *round) callsValue(s *source, c *ast.CallExpr) {
	pos := r.loader.fset.Position(c.Rparen)
	for line := r.loader.line(c.Pos()); line <= pos.Line; line++ {
		key := fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), line)
		callee, ok := r.calls[key]
		if !ok || slices.Contains(r.used, key) {
			continue
		}
		if ofLibrary(callee) {
			r.used = append(r.used, key)
			return // it did an operation, or paused
		}
		of := r.loader.holding(packageOf(callee.Function), filepath.Base(callee.File))
		if of == nil {
			break
		}
		switch n := r.loader.functionAt(of, callee, callee.Line, callee.Line).(type) {
		case *ast.FuncDecl:
			r.used = append(r.used, key)
			r.enter(of, n, n.Body)
			return
		case *ast.FuncLit:
			r.used = append(r.used, key)
			r.enter(of, n, n.Body)
			return
		}
	}
	r.keep(c.Pos(), "%s is called, which is not known", text(c.Fun))
}

// enter walks the body of a function that is called.
func (r *round) enter(s *source, function ast.Node, body *ast.BlockStmt) {
	if slices.Contains(r.walked, function) {
		return
	}
	r.walked = append(r.walked, function)
	r.scopes = append(r.scopes, function)
	r.walk(s, body, false)
}
