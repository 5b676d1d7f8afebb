package schedtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// sourceCalls finds the text of operations in source files.
type sourceCalls map[string]*sourceFile

type sourceFile struct {
	fset *token.FileSet
	file *ast.File
}

// op names a scheduling point as the source does: `q.mu.Lock()`.
func (s sourceCalls) op(e event, x *exploration) string {
	name := map[strategy.Op]string{strategy.OpGo: "go", strategy.OpSend: "send", strategy.OpRecv: "receive", strategy.OpClose: "close",
		strategy.OpSelect: "select", strategy.OpLock: "Lock", strategy.OpUnlock: "Unlock", strategy.OpYield: "Gosched",
		strategy.OpRead: "Load", strategy.OpWrite: "Store", strategy.OpCond: "Cond",
		strategy.OpMap: "the map is written"}[e.op]
	i := x.firstUserIndex(e.frames)
	if i < 0 {
		return name
	}
	called := ""
	if i > 0 {
		called = e.frames[i-1].fn
		if packageOf(called) != "runtime" {
			name = shortFunc(called)
		}
		called = called[strings.LastIndexByte(called, '.')+1:]
	}
	if text := s.at(e.frames[i].file, e.frames[i].line, called, e.op); text != "" {
		name = text
	}
	if i > 0 && !primitive(e.frames[i-1].fn) {
		// It may have passed other points in there.
		return "inside " + name
	}
	return name
}

// primitive reports whether a function's scheduling point stands at its
// beginning, so that a goroutine at it is before the call rather than inside.
func primitive(fn string) bool {
	switch packageOf(fn) {
	case "runtime", "sync", "sync/atomic", "internal/sync":
		return true
	}
	return strings.HasPrefix(fn, "time.")
}

// blocked returns what a goroutine does that is blocked at a place in the
// user's code, as the source has it, and to what object: "b.mu.Lock", "b.mu".
// called is the function that stands there.
func (s sourceCalls) blocked(at trace.Pos, called, state string) (call, object string) {
	op := strategy.OpNone
	switch {
	case strings.HasPrefix(state, "chan send"):
		op = strategy.OpSend
	case strings.HasPrefix(state, "chan receive"):
		op = strategy.OpRecv
	}
	if called != "" && packageOf(called) != "runtime" {
		op = strategy.OpNone
	}
	call = s.at(at.File, at.Line, called[strings.LastIndexByte(called, '.')+1:], op)
	switch {
	case strings.Contains(call, " or "):
		return call, "" // two that stand in one line
	case op == strategy.OpSend:
		object, _, _ = strings.Cut(call, " <- ")
	case op == strategy.OpRecv:
		object = strings.TrimPrefix(strings.TrimPrefix(call, "<-"), "range ")
	default:
		if i := strings.LastIndexByte(call, '.'); i >= 0 {
			object = call[:i]
		}
		if s.imported(at.File, object) {
			object = "" // time.Sleep waits for nothing that is called time
		}
	}
	return call, object
}

// builtin are the functions of the language that are called by name alone.
var builtin = map[string]bool{"append": true, "cap": true, "clear": true, "close": true, "complex": true, "copy": true, "delete": true, "imag": true,
	"len": true, "make": true, "max": true, "min": true, "new": true, "panic": true, "print": true, "println": true, "real": true, "recover": true}

// file returns the syntax of a source file, which is nil if it cannot be read.
func (s sourceCalls) file(name string) *sourceFile {
	file, ok := s[name]
	if !ok {
		file = &sourceFile{fset: token.NewFileSet()}
		if text, err := os.ReadFile(name); err == nil {
			file.file, _ = parser.ParseFile(file.fset, name, text, parser.SkipObjectResolution)
		}
		s[name] = file
	}
	return file
}

// imported reports whether name is, in a source file, that of a package, rather
// than of an object. A variable of the same name is taken for the package.
func (s sourceCalls) imported(file, name string) bool {
	f := s.file(file).file
	if f == nil || name == "" {
		return false
	}
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if spec.Name != nil && spec.Name.Name == name || spec.Name == nil && isPackageName(path, name) {
			return true
		}
	}
	return false
}

// isPackageName reports whether a package of the given path is called name, as
// far as its path tells: the last element that is no version.
func isPackageName(path, name string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if v, ok := strings.CutPrefix(last, "v"); ok && strings.Contains(path, "/") {
		if _, err := strconv.Atoi(v); err == nil {
			path = path[:strings.LastIndexByte(path, '/')]
			last = path[strings.LastIndexByte(path, '/')+1:]
		}
	}
	last, _, _ = strings.Cut(last, ".v") // gopkg.in/yaml.v3
	return last == name || strings.TrimPrefix(last, "go-") == name
}

// at returns the text of the operation that stands in a line of a file, or "".
func (s sourceCalls) at(name string, line int, called string, op strategy.Op) string {
	file := s.file(name)
	if file.file == nil {
		return ""
	}
	called = strings.TrimPrefix(called, directPrefix)
	var found []string
	add := func(text string) {
		if text != "" && !strings.Contains(text, "\n") && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	lineOf := func(p token.Pos) int { return file.fset.Position(p).Line }
	ast.Inspect(file.file, func(n ast.Node) bool {
		if n == nil || lineOf(n.Pos()) > line || lineOf(n.End()) < line {
			return false
		}
		switch n := n.(type) {
		case *ast.GoStmt:
			if op == strategy.OpGo && lineOf(n.Pos()) == line {
				add("go " + goName(n))
			}
		case *ast.SendStmt:
			if op == strategy.OpSend && lineOf(n.Arrow) == line {
				add(render(file.fset, n))
			}
		case *ast.UnaryExpr:
			if op == strategy.OpRecv && n.Op == token.ARROW && lineOf(n.Pos()) == line {
				add(render(file.fset, n))
			}
		case *ast.RangeStmt:
			if op == strategy.OpRecv && lineOf(n.Pos()) == line {
				add("range " + render(file.fset, n.X))
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && op == strategy.OpClose && id.Name == "close" && lineOf(n.Pos()) == line {
				add(render(file.fset, n))
			}
			// A variable may be called that holds the function.
			if id, ok := n.Fun.(*ast.Ident); ok && strings.HasPrefix(called, "func") && lineOf(n.Pos()) == line && !builtin[id.Name] {
				add(id.Name)
			}
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && called != "" && sel.Sel.Name == called && lineOf(sel.Sel.Pos()) == line {
				add(render(file.fset, n.Fun))
			}
		}
		return true
	})
	if len(found) > 2 {
		return ""
	}
	return strings.Join(found, " or ")
}

// goStatement returns the text of the only go statement in a line, "go mu.Unlock()", or
// "" if it starts a function literal, whose own lines say more.
func (s sourceCalls) goStatement(at trace.Pos) string {
	file := s.file(at.File)
	if file.file == nil {
		return ""
	}
	var found []string
	ast.Inspect(file.file, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok && file.fset.Position(g.Pos()).Line == at.Line {
			text := ""
			if _, literal := g.Call.Fun.(*ast.FuncLit); !literal {
				text = render(file.fset, g)
			}
			found = append(found, text)
		}
		return true
	})
	if len(found) != 1 || strings.Contains(found[0], "\n") {
		return ""
	}
	return found[0]
}

func goName(n *ast.GoStmt) string {
	switch f := n.Call.Fun.(type) {
	case *ast.FuncLit:
		return "func"
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func render(fset *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, n); err != nil {
		return ""
	}
	return b.String()
}

// argument returns what the first argument points to of the only call in a line
// of the function called, as the source has it, or "".
func (s sourceCalls) argument(at trace.Pos, called string) string {
	file := s.file(at.File)
	if file.file == nil {
		return ""
	}
	called = strings.TrimPrefix(called[strings.LastIndexByte(called, '.')+1:], directPrefix)
	var found []string
	ast.Inspect(file.file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == called && file.fset.Position(sel.Sel.Pos()).Line == at.Line {
				found = append(found, strings.TrimPrefix(render(file.fset, call.Args[0]), "&"))
			}
		}
		return true
	})
	if len(found) != 1 || strings.Contains(found[0], "\n") {
		return ""
	}
	return found[0]
}
