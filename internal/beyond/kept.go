package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// kept looks through the loop.
func (r *round) kept() *Kept {
	if r.loop == nil || r.found != nil {
		return r.found
	}
	r.scopes = []ast.Node{r.loop.Body}
	r.comesBack()
	r.staysInside()
	for _, n := range []ast.Node{r.loop.Cond, r.loop.Post, r.loop.Body} {
		r.walk(r.of, n, true)
	}
	return r.found
}

// comesBack keeps what may leave the loop between its pause and the next
// operation: then the round is one of a loop around it.
func (r *round) comesBack() {
	for _, s := range r.behindPause() {
		low, high := r.loader.line(s.Pos()), r.loader.line(s.End())
		if slices.ContainsFunc(r.ops, func(line int) bool { return low <= line && line <= high }) {
			return
		}
		for _, n := range leaving(s) {
			if b, ok := n.(*ast.BranchStmt); !ok || b.Tok != token.CONTINUE || b.Label != nil {
				r.keep(n.Pos(), "the loop may be left behind its pause")
			}
		}
	}
}

// leaving is the statements in s that go elsewhere, function literals aside.
func leaving(s ast.Node) (list []ast.Stmt) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			list = append(list, n)
		case *ast.BranchStmt:
			list = append(list, n)
		}
		return true
	})
	return list
}

// ends reports whether a list of statements of the loop itself always leaves the
// loop: no round that comes back has it. breaks is whether a break in it is the loop's.
func ends(list []ast.Stmt, breaks bool) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
	case *ast.BranchStmt:
		if last.Tok != token.BREAK || last.Label != nil || !breaks {
			return false
		}
	default:
		return false
	}
	for _, s := range list[:len(list)-1] {
		for _, n := range leaving(s) {
			if _, ok := n.(*ast.ReturnStmt); !ok {
				return false
			}
		}
	}
	return true
}

// walk looks for what the code keeps. direct is whether it is the loop's own, and
// not of a function that it calls.
func (r *round) walk(s *source, n ast.Node, direct bool) {
	if n == nil {
		return
	}
	inner := 0 // statements around that a break would be of
	var stack []ast.Node
	skipped := make(map[ast.Node]bool)
	skip := func(list []ast.Stmt) {
		for _, s := range r.skipped(list) {
			skipped[s] = true
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			if takesBreak(stack[len(stack)-1]) {
				inner--
			}
			stack = stack[:len(stack)-1]
			return true
		}
		if skipped[n] {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			r.walk(s, n.Body, false)
			return false
		case *ast.BlockStmt:
			if direct && n != r.loop.Body && ends(n.List, inner == 0) {
				return false
			}
			if direct {
				skip(n.List)
			}
		case *ast.CaseClause:
			if direct && ends(n.Body, false) {
				return false
			}
			if direct {
				skip(n.Body)
			}
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				r.assigns(s, e, direct)
			}
		case *ast.IncDecStmt:
			r.assigns(s, n.X, direct)
		case *ast.RangeStmt:
			switch s.info.TypeOf(n.X).Underlying().(type) {
			case *types.Signature, *types.Chan:
				r.keep(n.X.Pos(), "%s is ranged over", text(n.X))
			}
			if n.Tok == token.ASSIGN {
				r.assigns(s, n.Key, direct)
				r.assigns(s, n.Value, direct)
			}
		case *ast.GoStmt, *ast.DeferStmt, *ast.SendStmt, *ast.SelectStmt:
			r.keep(n.Pos(), "a statement there does more than read")
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				r.keep(n.Pos(), "a value is received")
			}
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				r.keep(n.Pos(), "a goto is not followed")
			}
		case *ast.CallExpr:
			r.call(s, n)
		}
		if takesBreak(n) {
			inner++
		}
		stack = append(stack, n)
		return true
	})
}

func takesBreak(n ast.Node) bool {
	switch n.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return true
	}
	return false
}

// local reports whether a variable dies with the round.
func (r *round) local(v types.Object) bool {
	return slices.ContainsFunc(r.scopes, func(n ast.Node) bool { return n.Pos() <= v.Pos() && v.Pos() < n.End() })
}

func (r *round) assigns(s *source, e ast.Expr, direct bool) {
	if e == nil {
		return
	}
	e = ast.Unparen(e)
	base := e
	switch x := e.(type) {
	case *ast.SelectorExpr:
		base = ast.Unparen(x.X)
	case *ast.IndexExpr:
		base = ast.Unparen(x.X)
	}
	id, ok := base.(*ast.Ident)
	if ok && id.Name == "_" {
		return
	}
	if !ok {
		r.keep(e.Pos(), "%s is written", text(e))
		return
	}
	if s.info.Defs[id] != nil {
		return // it is new
	}
	v, ok := s.info.Uses[id].(*types.Var)
	switch {
	case !ok:
		r.keep(e.Pos(), "%s is written", id.Name)
	case base != e:
		if t := v.Type().Underlying(); !r.local(v) || !isValue(t) {
			r.keep(e.Pos(), "%s is written", text(e))
		}
	case r.local(v):
	case !direct || !r.confined(v) || !r.reloads(v) && !r.onlyPauses(v) && !r.renews(v):
		r.keep(e.Pos(), "%s is written, and read in a later round or after the loop", id.Name)
	}
}

// confined reports whether all uses of a variable are in the function that the loop
// is in, by its name: then nothing that is called reads it.
func (r *round) confined(v *types.Var) bool {
	if v.Pos() < r.function.Pos() || r.function.End() <= v.Pos() || isComposite(v.Type()) {
		return false
	}
	if r.isResult(v) && slices.ContainsFunc(within(r.function), func(n ast.Node) bool { _, ok := n.(*ast.DeferStmt); return ok }) {
		return false // a panic that is recovered returns it
	}
	ok := true
	ast.Inspect(r.function, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			id, is := ast.Unparen(n.X).(*ast.Ident)
			ok = ok && (n.Op != token.AND || !is || r.of.info.Uses[id] != v)
		case *ast.FuncLit:
			if n != r.function {
				ok = ok && (!r.mentions(n, v) || n.Pos() > r.loop.End() && !r.runsAgain(v))
				return false
			}
		}
		return ok
	})
	return ok
}

// isResult reports whether a variable is a named result of the loop's function.
func (r *round) isResult(v *types.Var) bool {
	var t *ast.FuncType
	switch f := r.function.(type) {
	case *ast.FuncDecl:
		t = f.Type
	case *ast.FuncLit:
		t = f.Type
	}
	return t != nil && t.Results != nil && t.Results.Pos() <= v.Pos() && v.Pos() < t.Results.End()
}

// runsAgain reports whether the loop may run a second time with the same variable:
// then a function literal behind it may be called in it.
func (r *round) runsAgain(v *types.Var) bool {
	return slices.ContainsFunc(within(r.function), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return v.Pos() < n.Pos() && n.Pos() < r.loop.Pos() && r.loop.End() < n.End()
		case *ast.BranchStmt:
			return n.Tok == token.GOTO
		}
		return false
	})
}

func (r *round) mentions(n ast.Node, v *types.Var) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && r.of.info.Uses[id] == v
		return !found
	})
	return found
}

func isComposite(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Array, *types.Struct:
		return true
	}
	return false
}

// isValue reports whether a part of a variable of that type is in the variable.
func isValue(t types.Type) bool {
	switch t := t.(type) {
	case *types.Array:
		return true
	case *types.Struct:
		for f := range t.Fields() {
			if f.Embedded() {
				return false // the part may be behind a pointer
			}
		}
		return true
	}
	return false
}

func text(e ast.Expr) string { return types.ExprString(e) }
