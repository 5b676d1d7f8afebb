package beyond

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A frame is a call that was under way when the exploration began.
type frame struct {
	of   *source
	body *ast.BlockStmt
	line int // of the call
}

// noteStack finds the users' functions among the callers.
func (w *walker) noteStack(stack []uintptr) {
	if len(stack) == 0 {
		return
	}
	for frames := runtime.CallersFrames(stack); ; {
		f, more := frames.Next()
		path := packageOf(f.Function)
		if f.Func != nil || f.Function != "" {
			if s := w.sourceOf(path, filepath.Base(f.File)); s != nil {
				w.noteFrame(s, filepath.Base(f.File), f.Line)
			}
		}
		if !more {
			return
		}
	}
}

// sourceOf is the user's package with that path and file.
func (w *walker) sourceOf(path, file string) *source {
	if inLibrary(path) && !strings.HasSuffix(file, "_test.go") {
		return nil
	}
	for _, p := range w.loader.packages {
		if p.path() == path && p.Standard {
			return nil
		}
	}
	return w.loader.holding(path, file)
}

func (w *walker) noteFrame(s *source, file string, line int) {
	for _, f := range s.files {
		if filepath.Base(w.loader.fset.Position(f.FileStart).Filename) != file {
			continue
		}
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Body != nil && w.line(decl.Pos()) <= line && line <= w.line(decl.End()) {
				w.callers = append(w.callers, frame{s, decl.Body, line})
			}
		}
	}
}

// visitVar is for a variable that the code uses and that may hold functions.
func (w *walker) visitVar(s *source, v *types.Var) {
	if v.IsField() || v.Pkg() == nil || w.inside(v.Pos()) {
		return
	}
	of := w.packageWith(s, v)
	if of == nil {
		return
	}
	if v.Parent() == v.Pkg().Scope() {
		w.visitGlobal(of, v)
		return
	}
	if _, ok := v.Type().Underlying().(*types.Signature); ok {
		w.visitCaptured(of, v)
	}
}

// packageWith is the package that declares v, if it is a user's.
func (w *walker) packageWith(s *source, v *types.Var) *source {
	if s.types == v.Pkg() {
		return s
	}
	for _, other := range w.loader.sources {
		if other.types == v.Pkg() && !inLibrary(other.listed.path()) {
			return other
		}
	}
	return nil
}

// visitGlobal follows the functions in the initial value of a variable of the
// package, and not what is computed there, once.
func (w *walker) visitGlobal(s *source, v *types.Var) {
	for _, f := range s.files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || v.Pos() < g.Pos() || v.Pos() >= g.End() {
				continue
			}
			for _, spec := range g.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					for _, e := range spec.Values {
						ast.Inspect(e, func(n ast.Node) bool { return w.visitValue(s, n) })
					}
				}
			}
		}
	}
}

// visitValue adds function literals and functions named as values. It reports
// whether there may be more of them inside.
func (w *walker) visitValue(s *source, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		w.add(s, n)
		return false
	case *ast.CallExpr:
		return false
	case *ast.Ident:
		if fn, ok := s.info.Uses[n].(*types.Func); ok {
			w.visitFunc(s, n.Pos(), fn.Origin())
		}
	}
	return true
}

// visitCaptured follows what a local variable outside of the walked code, or a
// parameter there, was given.
func (w *walker) visitCaptured(s *source, v *types.Var) {
	outer := enclosing(s, v)
	if outer == nil {
		return
	}
	if i := parameter(s, outer, v); i >= 0 {
		w.visitArguments(s, outer, i)
		return
	}
	ast.Inspect(outer.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if id, ok := left.(*ast.Ident); ok && (s.info.Defs[id] == v || s.info.Uses[id] == v) && len(n.Rhs) == len(n.Lhs) {
					w.visitHeld(s, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if s.info.Defs[id] == v && i < len(n.Values) {
					w.visitHeld(s, n.Values[i])
				}
			}
		}
		return true
	})
}

// visitHeld follows the functions that an expression of a function type may be.
func (w *walker) visitHeld(s *source, e ast.Expr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		w.add(s, e)
	case *ast.Ident:
		w.visitName(s, e)
	case *ast.SelectorExpr:
		w.visitName(s, e.Sel)
	case *ast.CallExpr: // what it returns is made in it
		if fn := callee(s, e); fn != nil {
			if f := w.loader.funcs[fn.FullName()]; f != nil && w.follows(f) {
				ast.Inspect(f.decl.Body, func(n ast.Node) bool {
					if lit, ok := n.(*ast.FuncLit); ok {
						w.add(f.of, lit)
						return false
					}
					return true
				})
			}
		}
	}
}

// callee is the function that the call names, or nil.
func callee(s *source, e *ast.CallExpr) *types.Func {
	fun := ast.Unparen(e.Fun)
	if i, ok := fun.(*ast.IndexExpr); ok {
		fun = i.X
	}
	var id *ast.Ident
	switch f := fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, _ := s.info.Uses[id].(*types.Func)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// enclosing is the declared function that v stands in.
func enclosing(s *source, v *types.Var) *ast.FuncDecl {
	for _, f := range s.files {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Body != nil && decl.Pos() <= v.Pos() && v.Pos() < decl.End() {
				return decl
			}
		}
	}
	return nil
}

// parameter is which parameter of the function v is, or -1.
func parameter(s *source, decl *ast.FuncDecl, v *types.Var) int {
	i := 0
	for _, field := range decl.Type.Params.List {
		for _, id := range field.Names {
			if s.info.Defs[id] == v {
				return i
			}
			i++
		}
		i += truth(len(field.Names) == 0)
	}
	return -1
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// visitArguments follows what the callers of the exploration pass to parameter i
// of the function: in the call that is under way, if they are in one on that line.
func (w *walker) visitArguments(s *source, to *ast.FuncDecl, i int) {
	fn, _ := s.info.Defs[to.Name].(*types.Func)
	for _, c := range w.callers {
		var calls, now []*ast.CallExpr
		ast.Inspect(c.body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && fn != nil && len(call.Args) > i {
				if f := callee(c.of, call); f != nil && f.FullName() == fn.FullName() {
					calls = append(calls, call)
					if w.line(call.Pos()) <= c.line && c.line <= w.line(call.End()) {
						now = append(now, call)
					}
				}
			}
			return true
		})
		if len(now) > 0 {
			calls = now
		}
		for _, call := range calls {
			if v, ok := ast.Unparen(call.Args[i]).(*ast.Ident); ok {
				if param, ok := c.of.info.Uses[v].(*types.Var); ok && slices.Contains(w.through, param) {
					continue
				} else if ok {
					w.through = append(w.through, param)
				}
			}
			w.visitHeld(c.of, call.Args[i])
		}
	}
}
