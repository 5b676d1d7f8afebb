package engine

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fearless-go/fearless/internal/trace"
)

const module = "github.com/fearless-go/fearless/"

// library holds the packages of this module that a modelled program is written
// with; their frames are not where its operations stand.
var library = [...]string{"atomic.", "thread.", "lock.", "arc.", "rc.", "cell.", "internal/", "model.", "linear."}

// ground holds the packages whose operations are those that the user wrote.
var ground = [...]string{"atomic.", "internal/word.", "internal/engine."}

// wrappers hold what stands between the code of a type and the word that it
// uses: they do not say which one.
var wrappers = [...]string{"internal/park.(*SpinLock)", "arc.(*counter)"}

// A call is where the program calls the library.
type call struct {
	at     trace.Pos
	api    string // the function of the library, as in lock.(*Mutex[...]).Lock
	inside bool   // the library does there more than the operation that the program names
	part   string // of the library's object, as its code calls it
	takes  bool   // the part is a token, and the caller's own
	panics bool   // the program panics there, and the library unwinds
	choice choice // what is decided there
}

// A choice is what the library leaves to chance.
type choice struct{ yes, no string }

const tokenPart = "parker"

// choices are by the function that asks for them.
var choices = map[string]choice{
	"internal/engine.(*Thread).WakesSpuriously": {"wakes spuriously", "does not wake spuriously"},
	"internal/park.Moment.Starved":              {"has waited so long that nobody may pass", "has not waited long"},
	"internal/engine.(*Thread).Over":            {"is over before it begins", "may begin"},
}

// callSite is the innermost place outside the library that called.
func callSite() trace.Pos { return calledFrom().at }

func calledFrom() (c call) {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	callee, known := "", false
	for {
		f, more := frames.Next()
		if f.Function == "" || f.Function == module+"internal/engine.(*Thread).run" {
			return c // what is below may be another thread
		}
		c.at = trace.Pos{File: f.File, Line: f.Line, Func: f.Function}
		if !inLibrary(f.Function) || strings.HasSuffix(f.File, "_test.go") || !more {
			return c
		}
		if f.Function == "runtime.gopanic" {
			c.panics = true
		}
		if !strings.HasPrefix(f.Function, module) {
			continue
		}
		c.api = strings.TrimPrefix(f.Function, module)
		if what, ok := choices[c.api]; ok {
			c.choice = what
		}
		if !of(f.Function, ground[:]) {
			c.inside = true
			if !known && !of(f.Function, wrappers[:]) {
				c.part, known = partOf(c.at, callee), true
				if strings.HasPrefix(c.api, "internal/park.(*Parker)") {
					c.part = tokenPart
					c.takes = !strings.HasSuffix(c.api, ".Unpark")
				}
			}
		}
		callee = c.method()
	}
}

func inLibrary(function string) bool {
	return of(function, library[:]) || strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "iter.")
}

// of reports whether the function is of one of those packages of this module.
func of(function string, packages []string) bool {
	rest, ok := strings.CutPrefix(function, module)
	return ok && slices.ContainsFunc(packages, func(p string) bool { return strings.HasPrefix(rest, p) })
}

// method is the name of the function that is called, without its type.
func (c call) method() string { return c.api[strings.LastIndexByte(c.api, '.')+1:] }

// whole reports whether what the call uses is all of its object.
func (c call) whole() bool {
	return !c.inside || c.part == "" && (strings.HasPrefix(c.api, "lock.(*Mutex[") || strings.HasPrefix(c.api, "cell.(*UnsafeCell["))
}

func (c call) inPark() bool { return strings.HasPrefix(c.api, "thread.Park") }

// object is what the call is about, as the source names it, or "" if that does
// not tell. Of several on one line it is the first that has no name yet.
func (c call) object(named map[string]int) string {
	if !strings.Contains(c.api, ")") && !strings.Contains(c.api, "[") {
		return "" // a function
	}
	list := receivers(c.at, c.method())
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

// via is the call as the source has it, or nearly.
func (c call) via() string {
	switch {
	case c.panics:
		return "the panic"
	case c.api == "":
		return ""
	}
	if list := receivers(c.at, c.method()); len(list) == 1 {
		return list[0] + "." + c.method()
	}
	api := c.api
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
