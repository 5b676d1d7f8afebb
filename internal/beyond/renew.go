package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// renews reports whether a variable is given a new value in every round, which follows
// from what the operations of that round find: one statement of the loop's body assigns
// it, always, and in the body nothing reads it before that. So what a round begins with
// decides nothing but, in the head of the loop, whether the loop is left.
//
// After two rounds in which the operations found the same, all that a loop keeps in such
// variables is the same as after each further one: wherever in the loop a round is said
// to begin, its values were computed from operations of those two rounds. It may not be
// what it was before the first of them. That is enough where nothing pauses, for two
// rounds are explored there, and for a livelock, whose rounds come many times.
//
// The statement may be the loop's post statement, too, if it computes the value from
// operations and from what the loop does not write: then the value is the same each time,
// whatever of it the body takes along.
func (r *round) renews(v *types.Var) bool {
	if len(r.pauses) > 0 {
		return false
	}
	by, ok := r.loop.Post.(*ast.AssignStmt)
	if ok = ok && by.Tok == token.ASSIGN && slices.ContainsFunc(by.Lhs, func(e ast.Expr) bool { return r.is(e, v) }); ok {
		return r.writes(v) == 1 && !slices.ContainsFunc(by.Rhs, r.changes)
	}
	return r.renewedInBody(v) && r.writes(v) == 1 && (r.loop.Post == nil || !r.mentions(r.loop.Post, v))
}

// renewedInBody reports whether the first statement of the body that has to do with v
// assigns it, without reading it. What stands before the condition of an if or the tag of a
// switch always runs, and first.
func (r *round) renewedInBody(v *types.Var) bool {
	for _, s := range r.loop.Body.List {
		first := s
		switch s := s.(type) {
		case *ast.IfStmt:
			first = s.Init
		case *ast.SwitchStmt:
			first = s.Init
		}
		a, ok := first.(*ast.AssignStmt)
		if ok && a.Tok == token.ASSIGN && slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { return r.is(e, v) }) {
			return !slices.ContainsFunc(a.Rhs, func(e ast.Expr) bool { return r.mentions(e, v) })
		}
		if r.mentions(s, v) || skips(s) {
			return false
		}
	}
	return false
}

// changes reports whether an expression names a variable that the loop writes, or has
// a function literal, which may.
func (r *round) changes(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = true
		case *ast.Ident:
			v, ok := r.of.info.Uses[n].(*types.Var)
			found = found || ok && !v.IsField() && r.writes(v) > 0
		}
		return !found
	})
	return found
}

// writes is how many times the text of the loop's rounds writes a variable; twice what
// changes it by what it was.
func (r *round) writes(v *types.Var) int {
	assigned := 0
	count := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			assigned += len(slices.DeleteFunc(slices.Clone(n.Lhs), func(e ast.Expr) bool { return !r.is(e, v) }))
		case *ast.IncDecStmt:
			if r.is(n.X, v) {
				assigned += 2
			}
		case *ast.RangeStmt:
			if n.Key != nil && r.is(n.Key, v) || n.Value != nil && r.is(n.Value, v) {
				assigned += 2
			}
		}
		return true
	}
	ast.Inspect(r.loop.Body, count)
	if r.loop.Post != nil {
		ast.Inspect(r.loop.Post, count)
	}
	return assigned
}

func (r *round) is(e ast.Expr, v *types.Var) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && r.of.info.Uses[id] == v
}

// skips reports whether a statement may go on elsewhere in the loop.
func skips(s ast.Stmt) bool {
	return slices.ContainsFunc(leaving(s), func(s ast.Stmt) bool {
		b, ok := s.(*ast.BranchStmt)
		return ok && (b.Tok == token.CONTINUE || b.Tok == token.GOTO)
	})
}
