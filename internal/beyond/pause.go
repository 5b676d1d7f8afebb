package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// onlyPauses reports whether a variable decides nothing but how long, and how, the
// thread pauses: wherever it is read, it is to give itself a value, or in the head
// of a statement whose bodies only pause and write the variable. A back-off is such.
// A loop that such a variable ends is seen to end when it is tried out, or has a
// break or a return, which is no pause. A return without values reads the named results.
func (r *round) onlyPauses(v *types.Var) bool {
	if r.isResult(v) {
		return false
	}
	ok := true
	var stack []ast.Node
	ast.Inspect(r.owner, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, is := n.(*ast.Ident); is && r.of.info.Uses[id] == v {
			ok = ok && r.inPause(stack, v)
		}
		return true
	})
	return ok
}

// inPause reports whether the use at the end of the path, from the declaration
// down, is one of those.
func (r *round) inPause(path []ast.Node, v *types.Var) bool {
	for i := len(path) - 2; i >= 0; i-- {
		child := path[i+1]
		switch n := path[i].(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if b, ok := called(r.of, ast.Unparen(n.Fun)).(*types.Builtin); !r.of.info.Types[ast.Unparen(n.Fun)].IsType() && (!ok || b.Name() != "min" && b.Name() != "max") {
				return false
			}
		case *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr:
			return false // it may panic after some rounds
		case *ast.BinaryExpr:
			if !r.neverPanics(n.Op, n.Y) {
				return false
			}
		case *ast.AssignStmt, *ast.IncDecStmt:
			return r.writesOnly(n.(ast.Stmt), v)
		case *ast.IfStmt:
			return child == n.Cond && !r.hasCalls(n.Cond) && r.pausing(n.Body, v) && (n.Else == nil || r.pausing(n.Else, v))
		case *ast.ForStmt:
			return n != r.loop && child == n.Cond && r.ends(n, v)
		case *ast.RangeStmt:
			return child == n.X && n.Key == nil && r.pausing(n.Body, v)
		case ast.Stmt:
			return false
		}
	}
	return false
}

// hasCalls reports whether a function is called in the expression.
func (r *round) hasCalls(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		found = found || ok && !r.of.info.Types[ast.Unparen(c.Fun)].IsType()
		return !found
	})
	return found
}

// writesOnly reports whether the statement writes that variable and nothing else,
// from what has no effect.
func (r *round) writesOnly(s ast.Stmt, v *types.Var) bool {
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && (r.of.info.Uses[id] == v || r.of.info.Defs[id] == v)
	}
	switch s := s.(type) {
	case *ast.IncDecStmt:
		return is(s.X)
	case *ast.AssignStmt:
		return !slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool { return !is(e) }) && r.neverPanics(operator(s.Tok), s.Rhs[0])
	}
	return false
}

// neverPanics reports whether an operator with that right side cannot panic.
func (r *round) neverPanics(op token.Token, y ast.Expr) bool {
	switch op {
	case token.QUO, token.REM, token.SHL, token.SHR:
		return r.of.info.Types[y].Value != nil
	}
	return true
}

// operator is that of an assignment such as +=.
func operator(assignment token.Token) token.Token {
	if token.ADD_ASSIGN <= assignment && assignment <= token.AND_NOT_ASSIGN {
		return assignment - token.ADD_ASSIGN + token.ADD
	}
	return assignment
}

// ends reports whether a loop of pauses ends, whatever v is: it counts up to v, or to
// something else, in a variable of its own, and nothing in it writes v.
func (r *round) ends(n *ast.ForStmt, v *types.Var) bool {
	init, isInit := n.Init.(*ast.AssignStmt)
	cond, isCond := n.Cond.(*ast.BinaryExpr)
	post, isPost := n.Post.(*ast.IncDecStmt)
	if !isInit || !isCond || !isPost || init.Tok != token.DEFINE || len(init.Lhs) != 1 || cond.Op != token.LSS || post.Tok != token.INC {
		return false
	}
	own, ok := init.Lhs[0].(*ast.Ident)
	if !ok {
		return false
	}
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && r.of.info.Uses[id] == r.of.info.Defs[own]
	}
	return is(cond.X) && is(post.X) && !r.hasCalls(cond.Y) && !slices.ContainsFunc(init.Rhs, r.hasCalls) && r.pausing(n.Body, nil)
}

// pausing reports whether the statement does nothing but pause and write v.
func (r *round) pausing(s ast.Stmt, v *types.Var) bool {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return !slices.ContainsFunc(s.List, func(s ast.Stmt) bool { return !r.pausing(s, v) })
	case *ast.IfStmt:
		return s.Init == nil && r.pausing(s.Body, v) && (s.Else == nil || r.pausing(s.Else, v))
	case *ast.ForStmt:
		return r.ends(s, v)
	case *ast.RangeStmt:
		return s.Key == nil && r.pausing(s.Body, v)
	case *ast.AssignStmt, *ast.IncDecStmt:
		return r.writesOnly(s, v)
	case *ast.ExprStmt:
		c, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		fn, ok := called(r.of, ast.Unparen(c.Fun)).(*types.Func)
		return ok && fn.Pkg() != nil && slices.Contains(pauses, fn.Pkg().Path()+"."+fn.Name())
	}
	return false
}

// pauses are the functions that only let time go by.
var pauses = []string{module + "atomic.SpinLoop", module + "thread.YieldNow", module + "thread.Sleep", "runtime.Gosched", "time.Sleep"}
