package book

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
)

// Dbg writes the place of the call, the expression and its value to out as one
// line, and returns the value, so that it can stand around any expression:
// Rust's dbg!.
//
//	limit := book.Dbg(out, 3*count) // [work/main.go:12] 3*count = 36
//
// The expression is read from the caller's source file; that of this package is
// part of the binary. Without the source, and on a line with several calls of
// Dbg, which cannot be told apart, the line has the place and the value alone.
// Strings are quoted, anything else prints as %+v does.
func Dbg[T any](out io.Writer, value T) T {
	pc, file, line, _ := runtime.Caller(1)
	text := fmt.Sprintf("%+v", value)
	if v := reflect.ValueOf(value); v.Kind() == reflect.String {
		text = fmt.Sprintf("%q", v.String())
	}
	if expr := expression(pc, file, line); expr != "" {
		text = expr + " = " + text
	}
	fmt.Fprintf(out, "[%s:%d] %s\n", path.Join(path.Base(path.Dir(file)), path.Base(file)), line, text)
	return value
}

// dbgCalls maps the name of a file to the expressions of its calls of Dbg, a
// map[int]string by line. It is a sync.Map because the files of a process and
// not of a program fill it: a thread in a testing/synctest bubble must not wait
// here for one outside.
var dbgCalls sync.Map

// expression returns the argument of the one call of Dbg on line of file, or "".
func expression(pc uintptr, file string, line int) string {
	found, ok := dbgCalls.Load(file)
	if !ok {
		found, _ = dbgCalls.LoadOrStore(file, findDbgCalls(source(pc, file)))
	}
	return found.(map[int]string)[line]
}

// source returns the text of the file of the function at pc, nil if there is none.
func source(pc uintptr, file string) []byte {
	const here = "github.com/fearless-go/fearless/book."
	if f := runtime.FuncForPC(pc); f != nil && strings.HasPrefix(f.Name(), here) {
		if text, err := sources.ReadFile(path.Base(file)); err == nil {
			return text
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return text
}

var lineBreak = regexp.MustCompile(`\s*\n\s*`)

func findDbgCalls(text []byte) map[int]string {
	calls := make(map[int]string)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return calls
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 || calledName(call.Fun) != "Dbg" {
			return true
		}
		arg := call.Args[1]
		line := fset.Position(call.Lparen).Line
		if _, ambiguous := calls[line]; ambiguous {
			calls[line] = ""
		} else {
			expr := text[fset.Position(arg.Pos()).Offset:fset.Position(arg.End()).Offset]
			calls[line] = lineBreak.ReplaceAllString(string(expr), " ")
		}
		return true
	})
	return calls
}

// calledName returns the last name of what a call calls: Dbg for book.Dbg[int].
func calledName(fun ast.Expr) string {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.IndexExpr:
		return calledName(fun.X)
	}
	return ""
}
