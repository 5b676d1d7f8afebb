// Package source says where in the source an operation of a modelled program stands,
// and what the variables are called there. It reads the callers of the goroutine that
// asks, and the text of the lines.
//
// Begin with Call and CalledFrom. What may not be touched without a look at all users of
// the engine: library and ground, which say what is no code of the program's own, and
// choices, which know methods by their names.
package source

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fearless-go/fearless/internal/trace"
)

// Module is the path of this module, and a slash.
const Module = "github.com/fearless-go/fearless/"

// library holds the packages of this module that a modelled program is written
// with; their frames are not where its operations stand.
var library = [...]string{"atomic.", "thread.", "lock.", "arc.", "rc.", "cell.", "internal/", "model.", "linear."}

// ground holds the packages whose operations are those that the user wrote.
var ground = [...]string{"atomic.", "internal/word.", "internal/engine.", "internal/engine/"}

// wrappers hold what stands between the code of a type and the word that it
// uses: they do not say which one.
var wrappers = [...]string{"internal/park.(*SpinLock)", "arc.(*counter)"}

// A Call is where the program calls the library.
type Call struct {
	At     trace.Pos // in the program
	API    string    // the function of the library, as in lock.(*Mutex[...]).Lock
	Inside bool      // the library does there more than the operation that the program names
	Part   string    // of the library's object, as its code calls it
	Takes  bool      // the part is a token, and the caller's own
	panics bool      // the program panics there, and the library unwinds
	Choice Choice    // what is decided there
}

// A Choice is what the library leaves to chance, and how a trace tells either way.
type Choice struct{ Yes, No string }

// TokenPart is the Part of a call that is about the token of a thread.
const TokenPart = "parker"

// choices are by the function that asks for them.
var choices = map[string]Choice{
	"internal/engine.(*Thread).WakesSpuriously": {"wakes spuriously", "does not wake spuriously"},
	"internal/park.Moment.Starved":              {"has waited so long that nobody may pass", "has not waited long"},
	"internal/engine.(*Thread).Over":            {"is over before it begins", "may begin"},
}

// CallSite is the innermost place outside the library that called.
func CallSite() trace.Pos { return CalledFrom().At }

// CalledFrom is the innermost place outside the library that called, and what it called.
func CalledFrom() (c Call) {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	callee, known := "", false
	for {
		f, more := frames.Next()
		if f.Function == "" || f.Function == Module+"internal/engine.(*Thread).run" {
			return c // what is below may be another thread
		}
		c.At = trace.Pos{File: f.File, Line: f.Line, Func: f.Function}
		if !InLibrary(f.Function) || strings.HasSuffix(f.File, "_test.go") || !more {
			return c
		}
		if f.Function == "runtime.gopanic" {
			c.panics = true
		}
		if !strings.HasPrefix(f.Function, Module) {
			continue
		}
		c.API = strings.TrimPrefix(f.Function, Module)
		if what, ok := choices[c.API]; ok {
			c.Choice = what
		}
		if !of(f.Function, ground[:]) {
			c.Inside = true
			if !known && !of(f.Function, wrappers[:]) {
				c.Part, known = partOf(c.At, callee), true
				if strings.HasPrefix(c.API, "internal/park.(*Parker)") {
					c.Part = TokenPart
					c.Takes = !strings.HasSuffix(c.API, ".Unpark")
				}
			}
		}
		callee = c.Method()
	}
}

// InLibrary reports whether a function is of this library, or of what runs every program.
func InLibrary(function string) bool {
	return of(function, library[:]) || strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "iter.")
}

// of reports whether the function is of one of those packages of this module.
func of(function string, packages []string) bool {
	rest, ok := strings.CutPrefix(function, Module)
	return ok && slices.ContainsFunc(packages, func(p string) bool { return strings.HasPrefix(rest, p) })
}

// Method is the name of the function that is called, without its type.
func (c Call) Method() string { return c.API[strings.LastIndexByte(c.API, '.')+1:] }

// Whole reports whether what the call uses is all of its object.
func (c Call) Whole() bool {
	return !c.Inside || c.Part == "" && (strings.HasPrefix(c.API, "lock.(*Mutex[") || strings.HasPrefix(c.API, "cell.(*UnsafeCell["))
}

// InPark reports whether the thread parks itself.
func (c Call) InPark() bool { return strings.HasPrefix(c.API, "thread.Park") }

// Object is what the call is about, as the source names it, or "" if that does
// not tell. Of several on one line it is the first that has no name yet.
func (c Call) Object(named map[string]int) string {
	if !strings.Contains(c.API, ")") && !strings.Contains(c.API, "[") {
		return "" // a function
	}
	list := receivers(c.At, c.Method())
	for _, r := range list {
		if named[r] == 0 {
			return r
		}
	}
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// Via is the call as the source has it, or nearly.
func (c Call) Via() string {
	switch {
	case c.panics:
		return "the panic"
	case c.API == "":
		return ""
	}
	if list := receivers(c.At, c.Method()); len(list) == 1 {
		return list[0] + "." + c.Method()
	}
	api := c.API
	if open := strings.IndexByte(api, '['); open >= 0 {
		api = api[:open] + api[strings.LastIndexByte(api, ']')+1:]
	}
	return strings.NewReplacer("(*", "", ")", "").Replace(api)
}

// partOf is the last name of what has the method on that line.
func partOf(at trace.Pos, method string) string {
	list := receivers(at, method)
	if len(list) != 1 {
		return ""
	}
	names := strings.Split(list[0], ".")
	name := names[len(names)-1]
	if name == "word" {
		return "" // the package
	}
	if len(name) == 1 && len(names) > 1 {
		name = names[len(names)-2]
	}
	return name
}

// receivers are the variables whose method is called on that line, as the
// source has them.
func receivers(at trace.Pos, method string) (list []string) {
	line := sourceLine(at)
	for i := 0; method != ""; {
		next := strings.Index(line[i:], "."+method+"(")
		if next < 0 {
			break
		}
		i += next
		if r := operand(line, i); r != "" && !slices.Contains(list, r) {
			list = append(list, r)
		}
		i++
	}
	return list
}

// operand is the expression that ends at i, if it is made of names and indices.
func operand(line string, i int) string {
	j := i
	depth := 0
	for j > 0 {
		c := line[j-1]
		switch {
		case c == ']' || c == ')':
			depth++
		case (c == '[' || c == '(') && depth > 0:
			depth--
		case depth > 0 || c == '.' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		default:
			return line[j:i]
		}
		j--
	}
	return line[j:i]
}

// sources are the lines of the files that were read.
var sources sync.Map

func sourceLine(at trace.Pos) string {
	lines, ok := sources.Load(at.File)
	if !ok {
		src, _ := os.ReadFile(at.File) // without it things have no names
		lines, _ = sources.LoadOrStore(at.File, strings.Split(string(src), "\n"))
	}
	if l := lines.([]string); at.Line >= 1 && at.Line <= len(l) {
		return l[at.Line-1]
	}
	return ""
}

// Short is a place as a message names it.
func Short(p trace.Pos) string {
	if p.File == "" {
		return "an unknown place"
	}
	return fmt.Sprintf("%s:%d", p.File[strings.LastIndexByte(p.File, '/')+1:], p.Line)
}
