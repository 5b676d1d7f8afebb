//go:build fearless_model

package weaken

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

// A source is what the text of a file says of the orderings in it.
type source struct {
	set  *token.FileSet
	file *ast.File
}

func read(name string) (*source, error) {
	s := &source{set: token.NewFileSet()}
	var err error
	s.file, err = parser.ParseFile(s.set, name, nil, 0)
	return s, err
}

func (s *source) line(p token.Pos) int { return s.set.Position(p).Line }

// function is the name of the function that the line is in.
func (s *source) function(line int) string {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && s.line(f.Pos()) <= line && line <= s.line(f.End()) {
			return f.Name.Name
		}
	}
	return ""
}

// orderings lists the lines that name an ordering stronger than Relaxed.
func (s *source) orderings() map[int][]engine.Order {
	found := make(map[int][]engine.Order)
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			pkg, isName := sel.X.(*ast.Ident)
			for o := engine.Acquire; isName && o <= engine.SeqCst; o++ {
				if (pkg.Name == "word" || pkg.Name == "atomic") && sel.Sel.Name == o.String() {
					line := s.line(sel.Pos())
					found[line] = append(found[line], o)
				}
			}
		}
		return true
	})
	return found
}

// sourcesBeside are the files, tests left out, in the folders of those named.
func sourcesBeside(files []string) (map[string]*source, error) {
	var folders []string
	for _, f := range files {
		if dir := filepath.Dir(f); !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	all := make(map[string]*source)
	for _, dir := range folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			name := dir + "/" + e.Name() // as a frame has it
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			if all[name], err = read(name); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
