package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// reloads reports whether what a variable holds when a round begins its first
// operation is never read: from there on it is assigned before anything reads it,
// and before the loop can be left. Then it is no matter that the round before
// wrote it. The head of the loop may read it before the first operation, and so may
// the condition of an if that only leaves the loop: the thread has come to that
// operation both without the round and after it.
//
// The code is followed in the order in which it runs, from behind the pause to the
// end of the loop, its head, and its body. Only an assignment that no condition
// can skip counts, and only behind an operation.
func (r *round) reloads(v *types.Var) bool {
	if r.pausePath() == nil {
		return false
	}
	f := &follow{round: r, v: v}
	for _, s := range r.behindPause() {
		f.stmt(s, true)
	}
	f.stmt(r.loop.Post, true)
	f.decides(r.loop.Cond)
	f.leaves() // by the condition
	f.stmt(r.loop.Body, true)
	return f.assigned && !f.read
}

// behindPause is the statements that run between the pause and the end of the
// loop's body. A loop inside that the pause is in comes as a whole.
func (r *round) behindPause() (list []ast.Stmt) {
	path := r.pausePath()
	for i := len(path) - 1; i > 0; i-- {
		var block []ast.Stmt
		switch n := path[i-1].(type) {
		case *ast.BlockStmt:
			block = n.List
		case *ast.CaseClause:
			block = n.Body
		case *ast.ForStmt, *ast.RangeStmt:
			if n != r.loop {
				list = append(list[:0], n.(ast.Stmt))
			}
			continue
		default:
			continue
		}
		at := slices.IndexFunc(block, func(s ast.Stmt) bool { return s == path[i] })
		for _, s := range block[at+1:] {
			if b, ok := s.(*ast.BranchStmt); ok && b.Tok == token.CONTINUE && b.Label == nil && r.continues(path[:i]) {
				return list
			}
			list = append(list, s)
		}
	}
	return list
}

// continues reports whether a continue at the end of the path, from the loop on,
// is the loop's.
func (r *round) continues(path []ast.Node) bool {
	return !slices.ContainsFunc(path[1:], func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return false
	})
}

// pausePath is the statements from the loop to the one that pauses, or nil if it
// is not certain which one that is.
func (r *round) pausePath() []ast.Node {
	var stack, found []ast.Node
	several := false
	ast.Inspect(r.loop, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if e, ok := n.(*ast.ExprStmt); ok && slices.Contains(r.pauses, r.loader.line(e.Pos())) {
			several = several || found != nil
			found = slices.Clone(stack)
		}
		return true
	})
	if several || found == nil || slices.ContainsFunc(found, func(n ast.Node) bool { _, ok := n.(*ast.FuncLit); return ok }) {
		return nil
	}
	return found
}

// A follow goes through the code of a round, in the order in which it runs.
type follow struct {
	*round
	v        *types.Var
	operated bool // an operation of the round has been done
	assigned bool // and then the variable was
	read     bool // before that
	decided  bool // it was read where it only decides whether the loop is left
	deciding bool
	inner    int // loops inside the loop that the statement is in
	switches int // and switches
}

func (f *follow) goesOn() bool { return !f.read && !f.assigned }

// leaves is where the loop may be left.
func (f *follow) leaves() {
	if f.goesOn() && f.operated {
		f.read = true
	}
}

// stmt follows a statement. certain is whether it is always run.
func (f *follow) stmt(s ast.Stmt, certain bool) {
	if !f.goesOn() {
		return
	}
	switch s := s.(type) {
	case nil, *ast.EmptyStmt:
	case *ast.BlockStmt:
		if s != nil {
			for _, s := range s.List {
				f.stmt(s, certain)
			}
		}
	case *ast.ExprStmt:
		f.expr(s.X)
	case *ast.AssignStmt:
		f.assign(s, certain)
	case *ast.IncDecStmt:
		f.expr(s.X)
	case *ast.DeclStmt:
		f.expr(s)
	case *ast.LabeledStmt:
		f.stmt(s.Stmt, certain)
	case *ast.IfStmt:
		f.stmt(s.Init, certain)
		if s.Else == nil && ends(s.Body.List, f.inner == 0 && f.switches == 0) {
			f.decides(s.Cond)
		} else {
			f.condition(s.Cond)
		}
		f.stmt(s.Body, false)
		f.stmt(s.Else, false)
	case *ast.ForStmt:
		f.stmt(s.Init, certain)
		f.condition(s.Cond)
		f.inner++
		f.stmt(s.Body, false)
		f.inner--
		f.stmt(s.Post, false)
	case *ast.RangeStmt:
		f.expr(s.X)
		f.inner++
		f.stmt(s.Body, false)
		f.inner--
	case *ast.SwitchStmt:
		f.stmt(s.Init, certain)
		f.condition(s.Tag)
		f.cases(s.Body)
	case *ast.TypeSwitchStmt:
		f.stmt(s.Init, certain)
		f.expr(s.Assign)
		f.cases(s.Body)
	case *ast.BranchStmt:
		// The next round is as this one, unless the head does something first.
		if s.Tok != token.CONTINUE || s.Label != nil || f.inner > 0 || f.loop.Cond != nil || f.loop.Post != nil || f.decided {
			f.leaves()
		}
	case *ast.ReturnStmt:
		f.expr(s)
		f.leaves()
	default:
		f.read = true
	}
}

func (f *follow) cases(body *ast.BlockStmt) {
	f.switches++
	defer func() { f.switches-- }()
	for _, s := range body.List {
		c, ok := s.(*ast.CaseClause)
		if !ok {
			f.read = true
			return
		}
		for _, e := range c.List {
			f.condition(e)
		}
		for _, s := range c.Body {
			f.stmt(s, false)
		}
	}
}

func (f *follow) assign(s *ast.AssignStmt, certain bool) {
	for _, e := range s.Rhs {
		f.expr(e)
	}
	for _, e := range s.Lhs {
		id, ok := ast.Unparen(e).(*ast.Ident)
		switch {
		case !ok || f.of.info.Uses[id] != f.v:
			f.expr(e)
		case s.Tok != token.ASSIGN && s.Tok != token.DEFINE:
			f.expr(e)
		case certain && f.operated && f.goesOn():
			f.assigned = true
		}
	}
}

// decides follows a condition that only decides whether the loop is left.
func (f *follow) decides(e ast.Expr) {
	f.deciding = true
	f.condition(e)
	f.deciding = false
}

func (f *follow) condition(e ast.Expr) {
	if e != nil {
		f.expr(e)
	}
}

// expr follows an expression: what it reads, and whether an operation is in it.
// Its operations come first, so that what it reads beside one counts as read behind it.
func (f *follow) expr(n ast.Node) {
	if !f.goesOn() {
		return
	}
	given := false // to an operation, as it is: then it is the same each round, as the operation is
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && f.operates(c) {
			given = given || !f.operated && f.atomic(c) && slices.ContainsFunc(c.Args, func(a ast.Expr) bool {
				id, ok := ast.Unparen(a).(*ast.Ident)
				return ok && f.of.info.Uses[id] == f.v && isNumber(f.v.Type())
			})
			f.operated = true
		}
		return true
	})
	if given {
		f.assigned = true
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if f.of.info.Uses[n] == f.v {
				f.read = f.read || f.operated || !f.deciding
				f.decided = true
			}
		case *ast.FuncLit:
			f.read = f.read || f.mentions(n, f.v)
		}
		return true
	})
}

// isNumber reports whether all of a value is part of what an operation is known by.
func isNumber(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsInteger|types.IsBoolean) != 0
	case *types.Pointer:
		return true
	}
	return false
}

// operates reports whether the call is where an operation of the round is done.
func (f *follow) operates(c *ast.CallExpr) bool {
	low, high := f.loader.line(c.Pos()), f.loader.line(c.End())
	if !slices.ContainsFunc(f.ops, func(line int) bool { return low <= line && line <= high }) {
		return false
	}
	if f.atomic(c) {
		return true
	}
	// A call of something else is the one only if no other is on its lines.
	return f.callsAround(c) == 1
}

// atomic reports whether the call is of package atomic, and an operation.
func (r *round) atomic(c *ast.CallExpr) bool {
	fn, ok := called(r.of, ast.Unparen(c.Fun)).(*types.Func)
	return ok && operation(fn)
}
