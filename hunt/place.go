package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/schedtest"
)

// A Place is where a bug can be named: a line of a file, or a whole function,
// "Pool.Close" or "run". The file is as seen from the root of the module, with
// slashes.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"` // from 1; 0 in a place that is a function
	Func string `json:"func,omitempty"`
}

// String is file:line, or file:func.
func (p Place) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return p.File + ":" + p.Func
}

var functionName = regexp.MustCompile(`^[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)?$`)

// parsePlace reads what String writes.
func parsePlace(s string) (Place, error) {
	file, rest, ok := strings.Cut(s, ":")
	if !ok || !strings.HasSuffix(file, ".go") || strings.HasPrefix(file, "/") || strings.Contains(file, "\\") {
		return Place{}, fmt.Errorf("%q is no place: write file.go:12, file.go:run or file.go:Pool.Close", s)
	}
	if line, err := strconv.Atoi(rest); err == nil && line > 0 {
		return Place{File: file, Line: line}, nil
	}
	if !functionName.MatchString(rest) {
		return Place{}, fmt.Errorf("%q is no place: %q is no line and no function", s, rest)
	}
	return Place{File: file, Func: rest}, nil
}

// covers reports whether p names the site of a finding, which has a line.
func (p Place) covers(site Place) bool {
	if p.Line > 0 {
		return p.File == site.File && p.Line == site.Line
	}
	return p.File == site.File && p.Func == site.Func
}

// goFiles looks up functions in the files below a folder. It parses each file once.
type goFiles struct {
	dir   string
	files map[string][]function // nil: not there
}

// A function is a declared one. What is declared in it belongs to it.
type function struct {
	name     string
	from, to int
}

// functions returns those of a file, or nil if it cannot be read. A file with
// errors has what the parser understood.
func (t *goFiles) functions(file string) []function {
	if known, ok := t.files[file]; ok {
		return known
	}
	if t.files == nil {
		t.files = map[string][]function{}
	}
	t.files[file] = nil
	set := token.NewFileSet()
	parsed, _ := parser.ParseFile(set, filepath.Join(t.dir, filepath.FromSlash(file)), nil, parser.SkipObjectResolution)
	if parsed == nil {
		return nil
	}
	all := []function{}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			// PositionFor without line directives: a finding's line is the file's.
			all = append(all, function{declared(f), set.PositionFor(f.Pos(), false).Line, set.PositionFor(f.End(), false).Line})
		}
	}
	t.files[file] = all
	return all
}

// declared is a function's name with its receiver's type before it.
func declared(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	recv := f.Recv.List[0].Type
	for {
		switch x := recv.(type) {
		case *ast.StarExpr:
			recv = x.X
		case *ast.ParenExpr:
			recv = x.X
		case *ast.IndexExpr:
			recv = x.X
		case *ast.IndexListExpr:
			recv = x.X
		case *ast.Ident:
			return x.Name + "." + f.Name.Name
		default:
			return f.Name.Name
		}
	}
}

// site adds the function to a line of a file.
func (t *goFiles) site(file string, line int) Place {
	site := Place{File: file, Line: line}
	for _, f := range t.functions(file) {
		if f.from <= line && line <= f.to {
			site.Func = f.name
		}
	}
	return site
}

// has reports whether p is in the module.
func (t *goFiles) has(p Place) bool {
	if p.Line > 0 {
		text, err := os.ReadFile(filepath.Join(t.dir, filepath.FromSlash(p.File)))
		return err == nil && p.Line <= bytes.Count(text, []byte("\n"))+1
	}
	for _, f := range t.functions(p.File) {
		if f.name == p.Func {
			return true
		}
	}
	return false
}

var inText = regexp.MustCompile(`([^\s:()"` + "`" + `]+\.go):(\d+)`)

// sites finds the places of the module that a text names. A name without a
// folder may be that of several files, as our messages shorten them: a place
// counts only if one file alone is meant.
func (t *goFiles) sites(text string) []Place {
	var all []Place
	for _, m := range inText.FindAllStringSubmatch(text, -1) {
		line, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		file := relative(t.dir, m[1])
		if t.functions(file) == nil {
			if file = t.named(m[1]); file == "" {
				continue
			}
		}
		all = append(all, t.site(file, line))
	}
	return all
}

// sitesOf finds where in the module a failure of a test is: what its message
// names, where its goroutines stand, and else the first place of its traceback.
func (t *goFiles) sitesOf(f *schedtest.Finding) []Place {
	all := t.sites(f.Message)
	for _, g := range f.Goroutines {
		if file := relative(t.dir, g.At.File); t.functions(file) != nil {
			all = append(all, t.site(file, g.At.Line))
		}
	}
	if len(all) > 0 || f.Kind == schedtest.TestFailure {
		return all
	}
	if _, trace, ok := strings.Cut(f.Output, "\ngoroutine "); ok {
		all = t.sites(trace)
	}
	return all[:min(1, len(all))]
}

// named returns the only file below t.dir that ends in this name, or "".
func (t *goFiles) named(name string) string {
	var found []string
	filepath.WalkDir(t.dir, func(file string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(filepath.ToSlash(file), "/"+name) {
			found = append(found, relative(t.dir, file))
		}
		return nil
	})
	if len(found) != 1 {
		return ""
	}
	return found[0]
}
