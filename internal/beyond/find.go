// Package beyond finds what a function does beyond the model: the operations of
// packages sync and sync/atomic, go statements and channel operations in all
// code that it may come to. No run can tell, for these leave no trace, so the
// source is read: the functions that are called by name, function literals,
// methods behind interfaces of the types that occur, and what a captured
// variable of a function type was given.
//
// It also finds what one run leaves to the next (leftover.go), and what a busy loop
// keeps of a round, which no run can tell, either.
//
// Begin reading at Find. load.go reads packages, walk.go follows the code,
// value.go finds which functions a variable holds. For loops begin at Keeps, in
// rounds.go; kept.go looks through a loop, around.go at what is around it, and back.go for
// an operation that is always done before it is come to again. What it
// says is held against runs of random programs in twin_test.go; testdata/twin/known.go
// has the loops that were once misjudged.
//
// What is reached is taken to run: a branch that is never taken counts. Not
// followed are functions out of a struct's fields, slices and maps that another
// function has filled, reflection, and the inside of the standard library and of
// this one.
package beyond

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Kind is what the model does not see.
type Kind string

// The kinds of Use.
const (
	Sync    Kind = "sync"         // an operation of package sync
	Atomic  Kind = "sync/atomic"  // one of package sync/atomic
	Go      Kind = "go statement" // a goroutine of no model
	Channel Kind = "channel"      // a send, receive, select, close or range
	// Leftover is a package variable that the function writes and reads.
	Leftover Kind = "state between executions"
)

// A Use is one place in the source.
type Use struct {
	Kind Kind
	What string // as in sync.Mutex.Lock, atomic.AddInt64, send
	File string
	Line int
}

// A SourceError is that the source of the function could not be read.
type SourceError struct {
	Function string
	Err      error
}

func (e *SourceError) Error() string {
	return "the source of " + e.Function + " cannot be read: " + e.Err.Error()
}

func (e *SourceError) Unwrap() error { return e.Err }

var errNotThere = errors.New("it is not among the files of its package")

// A Finder remembers what it has read. Its zero value is ready, and several
// goroutines may use it.
type Finder struct {
	// Dir is the folder of the package under test.
	Dir string

	mu     sync.Mutex
	loader *loader
	failed error
	known  map[string]found // by function and callers
	kept   map[string]*Kept // by the callers of a round
}

type found struct {
	uses []Use
	err  error
}

// Find returns what the function that begins at pc may do beyond the model, in
// the order of places. stack holds the callers of the exploration, as
// runtime.Callers has them: they tell what was passed to them. The error is a
// *SourceError.
func (f *Finder) Find(pc uintptr, stack []uintptr) ([]Use, error) {
	fn := runtime.FuncForPC(pc)
	if fn == nil {
		return nil, &SourceError{"a function", errNotThere}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := fmt.Sprint(pc, stack)
	if k, ok := f.known[key]; ok {
		return k.uses, k.err
	}
	uses, err := f.find(fn, stack)
	if err != nil {
		err = &SourceError{fn.Name(), err}
	}
	if f.known == nil {
		f.known = make(map[string]found)
	}
	f.known[key] = found{uses, err}
	return uses, err
}

func (f *Finder) find(fn *runtime.Func, stack []uintptr) ([]Use, error) {
	file, line := fn.FileLine(fn.Entry())
	if f.loader == nil && f.failed == nil {
		if folder := filepath.Dir(file); filepath.IsAbs(file) && innocent(folder) {
			return nil, nil
		}
		f.loader, f.failed = list(f.Dir)
	}
	if f.failed != nil {
		return nil, f.failed
	}
	w := &walker{loader: f.loader}
	base := filepath.Base(file)
	if strings.HasSuffix(fn.Name(), "-fm") {
		base = "" // the compiler wrote it
	}
	pkg := f.loader.holding(packageOf(fn.Name()), base)
	if pkg == nil {
		return nil, errNotThere
	}
	w.noteStack(stack)
	if !w.begin(pkg, fn.Name(), base, line) {
		return nil, errNotThere
	}
	w.finish()
	w.leftovers()
	return w.sorted(), nil
}

// packageOf is the import path of a function's package, from its name in a binary.
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	if i := strings.IndexByte(function, '['); i >= 0 && i < slash {
		slash = strings.LastIndexByte(function[:i], '/') + 1
	}
	name, _, _ := strings.Cut(function[slash:], ".")
	return strings.ReplaceAll(function[:slash]+name, "%2e", ".")
}

// sorted is the uses without repetitions.
func (w *walker) sorted() []Use {
	slices.SortFunc(w.uses, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(w.uses)
}

func (w *walker) use(p *source, at token.Pos, kind Kind, what string) {
	pos := w.loader.fset.Position(at)
	w.uses = append(w.uses, Use{kind, what, pos.Filename, pos.Line})
}
