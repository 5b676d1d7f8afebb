package vet_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// testdata returns the test data of all rules, one file each.
func testdata(tb testing.TB) []string {
	files, err := filepath.Glob("*/testdata/src/*/*.go")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no test data: %v", err)
	}
	var sources []string
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		sources = append(sources, string(src))
	}
	return sources
}

// mutate edits the statements of src: three bytes of edits tell what to do,
// in which block and where. It returns src if that is no longer a program.
func mutate(src string, edits []byte) string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "source.go", src, parser.SkipObjectResolution)
	if err != nil {
		return src
	}
	for ; len(edits) >= 3; edits = edits[3:] {
		var blocks []*ast.BlockStmt
		ast.Inspect(f, func(n ast.Node) bool {
			if b, ok := n.(*ast.BlockStmt); ok && len(b.List) > 0 {
				blocks = append(blocks, b)
			}
			return true
		})
		if len(blocks) == 0 {
			break
		}
		b := blocks[int(edits[1])%len(blocks)]
		edit(b, int(edits[0]), int(edits[2])%len(b.List), blocks)
	}
	var out bytes.Buffer
	if err := format.Node(&out, fset, f); err != nil {
		return src
	}
	return out.String()
}

func edit(b *ast.BlockStmt, what, i int, blocks []*ast.BlockStmt) {
	stmt := b.List[i]
	body := &ast.BlockStmt{List: []ast.Stmt{stmt}}
	call := &ast.CallExpr{Fun: &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: body}}
	switch what % 8 {
	case 0:
		b.List = slices.Delete(b.List, i, i+1)
	case 1:
		b.List = slices.Insert(b.List, i, stmt)
	case 2:
		if i+1 < len(b.List) {
			b.List[i], b.List[i+1] = b.List[i+1], stmt
		}
	case 3:
		b.List[i] = &ast.GoStmt{Call: call}
	case 4:
		b.List[i] = &ast.DeferStmt{Call: call}
	case 5:
		b.List[i] = &ast.ForStmt{Body: body}
	case 6:
		b.List[i] = &ast.ExprStmt{X: call}
	case 7:
		// A statement of another block; one that holds b would hold itself.
		from := blocks[(what/8)%len(blocks)].List[0]
		cyclic := false
		ast.Inspect(from, func(n ast.Node) bool {
			cyclic = cyclic || n == ast.Node(b)
			return !cyclic
		})
		if !cyclic {
			b.List = slices.Insert(b.List, i, from)
		}
	}
}
