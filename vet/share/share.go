package share

import (
	_ "embed"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/parallel"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports unordered uses of shared memory.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, lockset.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	if implementsGoroutines(pass.Pkg.Path()) {
		return nil, nil
	}
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	locks := pass.ResultOf[lockset.Analyzer].(*lockset.Result)
	r := &reporter{pass: pass, at: map[token.Pos]bool{}, told: map[variable]bool{}}
	callers := callers(prog)
	d := newDecider(prog)
	followed := 0
	for _, root := range roots(prog, starts, callers) {
		if followed > maxFollowed && len(starts.In(root)) == 0 {
			continue
		}
		tree, n := parallel.New(root, starts, locks, len(callers[root]) > 0 && !token.IsExported(root.Name()))
		followed += n
		if tree == nil {
			continue
		}
		d.decided(root)
		for _, race := range tree.Races() {
			if a, b := staticSide(race.A), staticSide(race.B); d.confirms(root, race) {
				r.report(a, b, variable{race.Obj.Instr, race.A.At[0].Path, race.A.Thread.Site.Instr, race.B.Thread.Site.Instr})
			}
		}
	}
	d.report(r)
	r.atOnce(prog, starts)
	return nil, nil
}

// maxFollowed is how many instructions are followed from all functions of a
// package together, before functions that only call those that start
// goroutines are no longer looked from.
const maxFollowed = 4_000_000

// implementsGoroutines tells whether the package is part of what the Go
// memory model is about, and so is not written within it: the runtime orders
// its own memory by stopping the world and by locks of its own.
func implementsGoroutines(path string) bool {
	return path == "runtime" || strings.HasPrefix(path, "internal/runtime/")
}

// callers are the functions of the package that call each other one, or hand
// it on as a function value.
func callers(prog *buildssa.SSA) map[*ssa.Function][]*ssa.Function {
	callers := map[*ssa.Function][]*ssa.Function{}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					if callee := instr.Common().StaticCallee(); callee != nil && callee.Pkg == fn.Pkg {
						callers[callee] = append(callers[callee], fn)
					}
				case *ssa.MakeClosure:
					if method := methodOf(instr); method != nil && method.Pkg == fn.Pkg {
						callers[method] = append(callers[method], fn)
					}
				}
			}
		}
	}
	return callers
}

// methodOf is the method of a method value, or nil.
func methodOf(closure *ssa.MakeClosure) *ssa.Function {
	bound := closure.Fn.(*ssa.Function)
	obj, ok := bound.Object().(*types.Func)
	if !ok || bound.Synthetic == "" {
		return nil
	}
	return bound.Prog.FuncValue(obj)
}

// roots are the functions from which to look: those that start goroutines,
// and the callers that hand them what the goroutines share.
func roots(prog *buildssa.SSA, starts *goroutine.Result, callers map[*ssa.Function][]*ssa.Function) []*ssa.Function {
	var spawners []*ssa.Function
	for _, fn := range prog.SrcFuncs {
		if len(starts.In(fn)) > 0 {
			spawners = append(spawners, fn)
		}
	}
	seen := map[*ssa.Function]bool{}
	var found []*ssa.Function
	var add func(fn *ssa.Function, up int)
	add = func(fn *ssa.Function, up int) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		found = append(found, fn)
		if outer := fn.Parent(); outer != nil {
			add(outer, up)
		}
		if up > 0 {
			for _, c := range callers[fn] {
				add(c, up-1)
			}
		}
	}
	for _, fn := range spawners {
		add(fn, 2)
	}
	// Callers first: what they know makes findings exact.
	slices.Reverse(found)
	return found
}
