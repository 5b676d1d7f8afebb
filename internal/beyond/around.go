package beyond

import (
	"go/ast"
	"go/token"
	"slices"
)

// staysInside keeps what a loop around this one may keep, if a round can be one of
// both: this one is left behind an operation, and entered again before a pause.
//
// Where all operations stand before the pause that cannot be: who enters the loop
// again does all operations of a whole round before it pauses, and the shortest round
// is taken, which is that one, for it keeps nothing. It cannot be, either, if an
// operation that is in no round is always done on the way back.
func (r *round) staysInside() {
	if !r.around || r.pausesLast() || r.opBefore() {
		return
	}
	if r.loop.Cond != nil {
		r.keep(r.loop.Cond.Pos(), "the loop may be left behind an operation, and come to again")
	}
	for _, n := range leaving(r.loop.Body) {
		if b, ok := n.(*ast.BranchStmt); !ok || b.Tok != token.CONTINUE || b.Label != nil {
			r.keep(n.Pos(), "the loop may be left behind an operation, and come to again")
		}
	}
}

// pausesLast reports whether no operation stands behind the pause in the loop's body.
func (r *round) pausesLast() bool {
	if r.pausePath() == nil {
		return false
	}
	behind := r.behindPause()
	if r.loop.Post != nil {
		behind = append(behind, r.loop.Post)
	}
	for _, s := range behind {
		low, high := r.loader.line(s.Pos()), r.loader.line(s.End())
		if slices.ContainsFunc(r.ops, func(line int) bool { return low <= line && line <= high }) {
			return false
		}
	}
	return true
}

// opBefore reports whether whoever comes to the loop, from the loop around it or from
// the beginning of its function, has done an operation that is not of the round.
func (r *round) opBefore() bool {
	var stack []ast.Node
	found := false
	ast.Inspect(r.function, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if n != r.loop {
			return true
		}
		for i := len(stack) - 2; i >= 0; i-- {
			switch b := stack[i].(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return true
			case *ast.BlockStmt:
				for _, s := range b.List {
					if s.End() <= r.loop.Pos() && r.alwaysOperates(s) {
						found = true
					}
				}
			}
		}
		return true
	})
	return found && !jumps(r.function)
}

// alwaysOperates reports whether a statement is an assignment or a call that does an
// operation that is not of the round.
func (r *round) alwaysOperates(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.AssignStmt, *ast.ExprStmt:
	default:
		return false
	}
	found, certain := false, true
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			certain = certain && n.Op != token.LAND && n.Op != token.LOR
		case *ast.CallExpr:
			found = found || r.atomic(n) && !slices.Contains(r.ops, r.loader.line(n.Pos())) && !slices.Contains(r.ops, r.loader.line(n.End()))
		}
		return true
	})
	return found && certain
}
