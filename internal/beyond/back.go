package beyond

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"runtime"
	"slices"
)

// operatesOnTheWayBack reports whether whoever leaves the loop and comes to it again, by
// the same calls, has always done an operation in between that is not of the round. Then
// no round goes that way: its operations are all that its thread does from one round to
// the next. If one of another kind comes, or one that stands elsewhere, the thread is in
// no busy loop (engine's trial.go).
//
// The way back goes through a loop around this one, in its function or in a caller. So
// each of them, innermost first, is asked for an operation that none of its rounds is
// without. What stands before the place in a block serves for all loops that are around
// the block, too: nobody comes to the place but through the block.
func (r *round) operatesOnTheWayBack() bool {
	of, function := r.of, r.function
	low, high := r.loader.line(r.loop.Pos()), r.loader.line(r.loop.End())
	for level := len(r.callers) - 1; ; {
		if jumps(function) {
			return false
		}
		switch w := (&way{r, of, function, low, high}); w.operates() {
		case always:
			return true
		case never:
			return false
		}
		for level--; ; level-- {
			if level < 0 {
				return true
			}
			at := r.callers[level]
			if slices.ContainsFunc(r.callers[level+1:], func(f runtime.Frame) bool { return f.Function == at.Function }) {
				return false
			}
			if ofLibrary(at) {
				continue
			}
			if of = r.loader.holding(packageOf(at.Function), filepath.Base(at.File)); of == nil || of.listed.Standard {
				continue // the test's, or what began the thread
			}
			low, high = at.Line, at.Line
			break
		}
		if function = r.loader.functionAt(of, r.callers[level], low, high); function == nil {
			return false
		}
	}
}

// A way is how a place in a function is come to again. The place is some lines: in which
// column a caller stands is not known.
type way struct {
	*round
	in        *source
	function  ast.Node
	low, high int
}

// What is known of the ways back to a place inside a function.
type known int

const (
	never  known = iota // there may be one without an operation
	inside              // each that stays in the function has one
	always              // each has one, through callers, too
)

func (w *way) operates() known {
	for _, n := range slices.Backward(within(w.function)) { // innermost first
		around, certain := w.around(n)
		if !around {
			continue
		}
		if !certain {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return never
			}
			continue
		}
		switch n := n.(type) {
		case *ast.BlockStmt:
			if w.before(n.List) {
				return always
			}
		case *ast.CaseClause:
			if w.before(n.Body) {
				return always
			}
		case *ast.ForStmt:
			if n.Cond != nil && w.elsewhere(n.Cond) {
				return always
			}
			if !w.behind(n.Body.List) {
				return never
			}
		case *ast.RangeStmt:
			if !w.behind(n.Body.List) {
				return never
			}
		}
	}
	return inside
}

// around reports whether the place is in a node. That is not certain where only the line
// of the place is known, and the node begins or ends on it.
func (w *way) around(n ast.Node) (is, certain bool) {
	if w.function == w.round.function {
		return n != w.loop && n.Pos() <= w.loop.Pos() && w.loop.End() <= n.End(), true
	}
	low, high := w.loader.line(n.Pos()), w.loader.line(n.End())
	return low <= w.low && w.high <= high, low < w.low && w.high < high
}

// before reports whether a statement of the list that comes before the place operates.
func (w *way) before(list []ast.Stmt) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool { return w.loader.line(s.End()) < w.low && w.elsewhere(s) })
}

// behind reports whether a statement of a loop's body that comes behind the place operates,
// and nothing from the place up to there skips it and goes on with the loop or with one
// around it. Who returns comes to the place again by a caller only, but who panics may be
// anywhere.
func (w *way) behind(list []ast.Stmt) bool {
	if w.recovers() {
		return false
	}
	for _, s := range list {
		if w.loader.line(s.Pos()) > w.high && w.elsewhere(s) {
			return true
		}
		if w.loader.line(s.End()) < w.low {
			continue
		}
		for _, l := range leaving(s) {
			b, ok := l.(*ast.BranchStmt)
			if !ok || b.Label == nil && (b.Tok == token.BREAK || w.loop.Pos() <= b.Pos() && b.End() <= w.loop.End()) {
				continue // a continue of the loop itself, or of one in it, leaves nothing
			}
			return false
		}
	}
	return false
}

// elsewhere reports whether code always does an operation that is not of the round.
func (w *way) elsewhere(n ast.Node) bool {
	if w.function == w.round.function {
		return w.operatesElsewhere(n)
	}
	return slices.ContainsFunc(w.certain(w.in, n, 0), func(c *ast.CallExpr) bool {
		return w.loader.line(c.End()) < w.low || w.high < w.loader.line(c.Pos())
	})
}
