package beyond

import (
	"go/ast"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// begin adds the function that a binary calls name and that begins at the line.
// It reports false if there is none.
func (w *walker) begin(s *source, name, file string, line int) bool {
	if method, ok := strings.CutSuffix(name, "-fm"); ok {
		return w.beginMethod(s, method)
	}
	var literals []*ast.FuncLit
	for _, f := range s.files {
		if filepath.Base(w.loader.fset.Position(f.FileStart).Filename) != file {
			continue
		}
		for _, d := range f.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if ok && decl.Body != nil && w.line(decl.Pos()) == line && !isLiteral.MatchString(name) {
				w.add(s, decl.Body)
				return true
			}
			on := w.literalsOn(d, line)
			if lit := numbered(d, name); ok && lit != nil && len(on) > 1 && w.line(lit.Pos()) == line {
				on = []*ast.FuncLit{lit}
			}
			literals = append(literals, on...)
		}
	}
	for _, lit := range literals {
		w.add(s, lit)
	}
	return len(literals) > 0
}

var isLiteral = regexp.MustCompile(`\.func\d+(\.\d+)*$`)

// beginMethod is for a method value, which is a function without a line.
func (w *walker) beginMethod(s *source, method string) bool {
	began := false
	owner, name := method[:strings.LastIndexByte(method, '.')], method[strings.LastIndexByte(method, '.')+1:]
	owner = owner[strings.LastIndexByte(owner, '.')+1:]
	owner = strings.Trim(strings.TrimPrefix(owner, "(*"), ")")
	for _, f := range w.loader.funcs {
		if f.of == s && f.decl.Recv != nil && f.decl.Name.Name == name && strings.HasPrefix(owner, receiver(f.decl)) {
			w.add(s, f.decl.Body)
			began = true
		}
	}
	return began
}

// receiver is the name of the type that has the method.
func receiver(decl *ast.FuncDecl) string {
	t := decl.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch g := t.(type) {
	case *ast.IndexExpr:
		t = g.X
	case *ast.IndexListExpr:
		t = g.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func (w *walker) literalsOn(n ast.Node, line int) (list []*ast.FuncLit) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && w.line(lit.Pos()) == line {
			list = append(list, lit)
		}
		return true
	})
	return list
}

// numbered is the literal in the declaration that the compiler numbers as name
// says: F.func2.1 is the first one in the second one of F. It is nil if there is
// none of that number; with inlining the numbers are another function's, so the
// caller checks the line.
func numbered(decl ast.Node, name string) *ast.FuncLit {
	_, numbers, ok := strings.Cut(isLiteral.FindString(name), ".func")
	if !ok {
		return nil
	}
	var lit *ast.FuncLit
	for number := range strings.SplitSeq(numbers, ".") {
		k, err := strconv.Atoi(number)
		inner := literalsIn(decl)
		if err != nil || k < 1 || k > len(inner) {
			return nil
		}
		lit = inner[k-1]
		decl = lit.Body
	}
	return lit
}

// literalsIn are the function literals of n that are in no other one.
func literalsIn(n ast.Node) (list []*ast.FuncLit) {
	ast.Inspect(n, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if ok {
			list = append(list, lit)
		}
		return !ok
	})
	return list
}
