// Package closed finds the functions of a package that are closed programs, or
// that only such programs call, and has package exact run them in every
// interleaving. What is found there is certain, and what is not found there is
// not to be had; the rules share, leak and channel all look here first. Begin
// with [Result].
package closed

import (
	"cmp"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// Analyzer computes a *[Result].
var Analyzer = &analysis.Analyzer{
	Name:       "closed",
	Doc:        "run the closed programs of a package in every interleaving, for other analyzers",
	Requires:   []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
}

// A Result is what is known of the closed programs of one package.
type Result struct {
	// Roots are the functions from which to look at goroutines: those that
	// start some, and up to two callers of each, the callers first.
	Roots []*ssa.Function
	// Explored are the searches that were made, and Programs what was
	// searched, in the order of the source.
	Explored map[*ssa.Function]*exact.Result
	Programs []*ssa.Function

	callers map[*ssa.Function][]*ssa.Function
	state   map[*ssa.Function]int8
}

// Decided reports whether all executions of fn's goroutines have been looked
// at: fn is a closed program, or only called from such.
func (r *Result) Decided(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return r.state[fn] == 1
}

// Called reports whether fn is called in its package.
func (r *Result) Called(fn *ssa.Function) bool { return len(r.callers[fn]) > 0 }

func run(pass *analysis.Pass) (any, error) {
	if Runtime(pass.Pkg.Path()) {
		return &Result{}, nil
	}
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	d := newDecider(prog)
	callers := callers(prog)
	r := &Result{Roots: roots(prog, starts, callers), Explored: d.results, callers: callers, state: d.state}
	for _, root := range r.Roots {
		d.decided(root)
	}
	for fn := range r.Explored {
		r.Programs = append(r.Programs, fn)
	}
	slices.SortFunc(r.Programs, func(a, b *ssa.Function) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return r, nil
}

// Runtime reports whether a package is part of what the Go memory model is
// about, and so is not written within it: the runtime orders its own memory by
// stopping the world and by locks of its own.
func Runtime(path string) bool {
	return path == "runtime" || strings.HasPrefix(path, "internal/runtime/")
}

// maxExplored is how many states are looked at in one package to decide its
// closed programs. What is left then is judged by what package parallel sees.
const maxExplored = 60_000

// A decider finds the functions whose goroutines are all accounted for:
// those that are closed programs, and those that only such functions call.
type decider struct {
	prog      *buildssa.SSA
	main      bool                              // a command: nobody else can call its functions
	mentions  map[*ssa.Function][]*ssa.Function // the functions that call each one or take its value
	invoked   map[string][]*ssa.Function        // the functions that call a method of that name by an interface
	results   map[*ssa.Function]*exact.Result
	state     map[*ssa.Function]int8 // 1 decided, -1 not, 2 being looked at
	remaining int
	survey    exact.Survey
}

func newDecider(prog *buildssa.SSA) *decider {
	d := &decider{
		prog: prog, main: prog.Pkg.Pkg.Name() == "main",
		mentions: map[*ssa.Function][]*ssa.Function{}, invoked: map[string][]*ssa.Function{},
		results: map[*ssa.Function]*exact.Result{}, state: map[*ssa.Function]int8{}, remaining: maxExplored,
	}
	all := prog.SrcFuncs
	if initial := prog.Pkg.Func("init"); initial != nil {
		all = append(all[:len(all):len(all)], initial)
	}
	for _, fn := range all {
		d.note(fn)
	}
	return d
}

// note notes what fn mentions.
func (d *decider) note(fn *ssa.Function) {
	var operands [12]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && call.Common().IsInvoke() {
				name := call.Common().Method.Name()
				d.invoked[name] = append(d.invoked[name], fn)
			}
			for _, op := range instr.Operands(operands[:0]) {
				named, ok := (*op).(*ssa.Function)
				if !ok {
					continue
				}
				if obj, isFunc := named.Object().(*types.Func); isFunc && named.Synthetic != "" {
					named = named.Prog.FuncValue(obj) // of a method value
				}
				if named != nil {
					d.mentions[named] = append(d.mentions[named], fn)
				}
			}
		}
	}
}

// decided reports whether all executions of fn's goroutines have been looked
// at: fn is a closed program, or only called from such.
func (d *decider) decided(fn *ssa.Function) bool {
	if outer := fn.Parent(); outer != nil {
		return d.decided(outer)
	}
	switch d.state[fn] {
	case 1:
		return true
	case -1, 2:
		return false
	}
	d.state[fn] = 2
	if d.covered(fn) || d.explore(fn) {
		d.state[fn] = 1
		return true
	}
	d.state[fn] = -1
	return false
}

// covered reports whether fn is only called by functions that are decided.
func (d *decider) covered(fn *ssa.Function) bool {
	if token.IsExported(fn.Name()) && !d.main || len(d.mentions[fn]) == 0 {
		return false
	}
	callers := d.mentions[fn]
	if fn.Signature.Recv() != nil {
		callers = append(callers[:len(callers):len(callers)], d.invoked[fn.Name()]...)
	}
	for _, c := range callers {
		if c != fn && !d.decided(c) {
			return false
		}
	}
	return true
}

// explore runs fn in every interleaving, if it is closed.
func (d *decider) explore(fn *ssa.Function) bool {
	if d.remaining <= 0 || !d.survey.Understood(fn) {
		return false
	}
	r := exact.Explore(fn)
	d.remaining -= r.States
	d.results[fn] = r
	// A stub such as main with a nil interface in it fails before it comes to
	// what the functions that it calls do with a real one.
	return r.Complete && !r.Fails
}
