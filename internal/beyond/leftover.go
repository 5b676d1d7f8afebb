package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// leftovers finds the package variables by which one run of the function may tell the
// next one something: the code that is walked writes the variable, or a part of it, and
// uses it elsewhere. It is no matter if the function begins by giving it a value, or
// if it is used only to be written anew (n++, l = append(l, x)), or to be printed.
//
// Only what the source says outright counts: a write through a pointer, or by a method,
// is not seen. So nothing that is named is false, and not all is named.
func (w *walker) leftovers() {
	written, used := make(map[*types.Var]place), make(map[*types.Var]bool)
	for _, p := range w.walked {
		var stack []ast.Node
		ast.Inspect(p.node, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v, ok := p.of.info.Uses[id].(*types.Var)
			if !ok || v.IsField() || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || w.packageWith(p.of, v) == nil {
				return true
			}
			switch p.of.role(stack, v) {
			case writes:
				if at, ok := written[v]; !ok || id.Pos() < at.pos {
					written[v] = place{p.of, id.Pos()}
				}
			case reads:
				used[v] = true
			}
			return true
		})
	}
	for v, at := range written {
		if used[v] && !w.beginsWith(v) {
			w.use(at.of, at.pos, Leftover, v.Name())
		}
	}
}

type place struct {
	of  *source
	pos token.Pos
}

// A role is what a program does with a variable at some place.
type role int

const (
	nothing role = iota // that another run could see
	writes
	reads
)

// role is what the last of the nodes, the name of v, stands there for. The nodes before it
// are those around it, outermost first.
func (s *source) role(path []ast.Node, v *types.Var) role {
	part := true // the node is v, or a part of it
	for i := len(path) - 2; i >= 0; i-- {
		child := path[i+1]
		switch n := path[i].(type) {
		case *ast.ParenExpr:
		case *ast.SelectorExpr:
			if _, method := s.info.Uses[n.Sel].(*types.Func); method && n.X == child {
				part = false // of an atomic or a lock, most often
			}
		case *ast.IndexExpr:
			part = part && n.X == child
		case *ast.IncDecStmt:
			if part {
				return writes
			}
			return reads
		case *ast.AssignStmt:
			left := slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return e == child })
			switch {
			case left && part:
				return writes
			case !left && slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return s.rootOf(e) == v }):
				return nothing
			}
			return reads
		case *ast.CallExpr:
			if s.prints(n) {
				return nothing
			}
			part = false
		case ast.Stmt:
			return reads
		case ast.Expr:
			part = false
		}
	}
	return reads
}

// rootOf is the variable that an expression is, or is a part of; nil: none.
func (s *source) rootOf(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := s.info.Uses[e].(*types.Var)
		return v
	case *ast.SelectorExpr:
		return s.rootOf(e.X)
	case *ast.IndexExpr:
		return s.rootOf(e.X)
	}
	return nil
}

// prints reports whether a call only shows what it is given.
func (s *source) prints(c *ast.CallExpr) bool {
	fn, ok := called(s, ast.Unparen(c.Fun)).(*types.Func)
	return ok && fn.Pkg() != nil && slices.Contains([]string{"fmt", "log", "testing"}, fn.Pkg().Path()) &&
		(strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Log"))
}

// beginsWith reports whether the first statement of the function itself that names v gives
// it a value, or is a call of a function that begins so.
func (w *walker) beginsWith(v *types.Var) bool {
	p := w.walked[0]
	body, ok := p.node.(*ast.BlockStmt)
	if lit, isLit := p.node.(*ast.FuncLit); isLit {
		body, ok = lit.Body, true
	}
	if !ok {
		return false
	}
	sets, _ := w.setsFirst(p.of, body, v, 0)
	return sets
}

// setsFirst reports whether the first statement of a body that names v gives it a value,
// and whether there is one.
func (w *walker) setsFirst(of *source, body *ast.BlockStmt, v *types.Var, depth int) (sets, named bool) {
	names := func(n ast.Node) (found bool) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || ok && of.info.Uses[id] == v
			return !found
		})
		return found
	}
	for _, s := range body.List {
		if names(s) {
			a, ok := s.(*ast.AssignStmt)
			return ok && a.Tok == token.ASSIGN && !slices.ContainsFunc(a.Rhs, func(e ast.Expr) bool { return names(e) }) &&
				slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { return of.info.Uses[nameIn(e)] == v }), true
		}
		e, ok := s.(*ast.ExprStmt)
		if !ok || depth == mostCalls {
			continue
		}
		if c, ok := e.X.(*ast.CallExpr); ok {
			if fn := callee(of, c); fn != nil {
				if f := w.loader.funcs[fn.FullName()]; f != nil && w.follows(f) {
					if sets, named := w.setsFirst(f.of, f.decl.Body, v, depth+1); named {
						return sets, true
					}
				}
			}
		}
	}
	return false, false
}

// nameIn is the variable that is assigned as a whole: its own name, or the one behind a package's.
func nameIn(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

// writesGlobals reports, in a glance, whether a function in the files may write a variable
// of the package.
func writesGlobals(files []*ast.File) bool {
	globals := make(map[string]bool)
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, spec := range g.Specs {
					for _, id := range spec.(*ast.ValueSpec).Names {
						globals[id.Name] = true
					}
				}
			}
		}
	}
	found := false
	check := func(e ast.Expr) {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.Ident:
				found = found || globals[x.Name]
			}
			return
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, e := range n.Lhs {
						check(e)
					}
				}
			case *ast.IncDecStmt:
				check(n.X)
			}
			return !found
		})
	}
	return found
}
