package directive

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
)

// end is where what stands at pos ends: the smallest expression or statement
// around it, but no later than its line. It is NoPos if pos is in none of the
// files of pass.
func end(pass *analysis.Pass, pos token.Pos) token.Pos {
	for _, file := range pass.Files {
		if pos < file.FileStart || pos >= file.FileEnd {
			continue
		}
		last := token.NoPos
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || n.Pos() > pos || n.End() <= pos {
				return false
			}
			last = n.End()
			return true
		})
		if tf := pass.Fset.File(pos); last.IsValid() && tf != nil {
			if line := tf.Line(pos); line < tf.LineCount() {
				last = min(last, tf.LineStart(line+1)-1)
			}
		}
		return last
	}
	return token.NoPos
}
