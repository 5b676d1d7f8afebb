package beyond

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// functionAt is the declaration, or the innermost literal, that the frame is of, and
// that those lines are in. It is nil if that is not certain: where a literal begins or
// ends in the line, another one may be meant, and only the number in its name tells, or
// the line of its first instruction: who calls has a frame to set up first, and that has
// the line of the word func.
func (l *loader) functionAt(s *source, at runtime.Frame, low, high int) (found ast.Node) {
	literal := isLiteral.MatchString(at.Function)
	several := false
	var outer ast.Decl
	begin := make(map[int][]ast.Node) // candidates by the line that they begin in
	for _, f := range s.files {
		if filepath.Base(l.fset.Position(f.FileStart).Filename) != filepath.Base(at.File) {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil || l.line(n.Pos()) > low || high > l.line(n.End()) {
				return false
			}
			decl, isDecl := n.(*ast.FuncDecl)
			if isDecl {
				outer = decl
			}
			if _, isLit := n.(*ast.FuncLit); isLit != literal || isDecl == literal {
				return true
			}
			if found != nil && (found.End() <= n.Pos() || l.line(n.Pos()) == low || high == l.line(n.End())) {
				several = true
			}
			found = n
			begin[l.line(n.Pos())] = append(begin[l.line(n.Pos())], n)
			return true
		})
	}
	if !several {
		return found
	}
	if at.Func != nil && at.Func.Entry() == at.Entry {
		if _, line := at.Func.FileLine(at.Entry); len(begin[line]) == 1 {
			return begin[line][0]
		}
	}
	of, ok := outer.(*ast.FuncDecl)
	if name := isLiteral.ReplaceAllString(at.Function, ""); !ok || name == at.Function || !strings.HasSuffix(name, "."+of.Name.Name) {
		return nil
	}
	if lit := numbered(of, at.Function); lit != nil && l.line(lit.Pos()) <= low && high <= l.line(lit.End()) {
		return lit
	}
	return nil
}

// comesAgain reports whether one of the callers, outermost first, the last one of
// which has the loop, may come again to what it called: it has a loop around that, or
// jumps, or it is called twice.
func (l *loader) comesAgain(callers []runtime.Frame) bool {
	for i, at := range callers {
		if slices.ContainsFunc(callers[:i], func(f runtime.Frame) bool { return f.Function == at.Function }) {
			return true
		}
		if i == len(callers)-1 || ofLibrary(at) {
			continue
		}
		s := l.holding(packageOf(at.Function), filepath.Base(at.File))
		if s == nil || s.listed.Standard {
			continue // the test's, or what began the thread
		}
		owner := l.functionAt(s, at, at.Line, at.Line)
		if owner == nil || jumps(owner) || slices.ContainsFunc(within(owner), func(n ast.Node) bool {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return l.line(n.Pos()) <= at.Line && at.Line <= l.line(n.End())
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// jumps reports whether a function has a goto.
func jumps(function ast.Node) bool {
	return slices.ContainsFunc(within(function), func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		return ok && b.Tok == token.GOTO
	})
}
