package share

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
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
		for _, race := range tree.Races() {
			r.report(race)
		}
	}
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

type reporter struct {
	pass *analysis.Pass
	told map[variable]bool
	at   map[token.Pos]bool
}

// A variable is memory as two goroutines see it.
type variable struct {
	obj          ssa.Value
	path         string
	here, beside ssa.Instruction
}

// report tells of one race, unless one of its writes was told of before.
func (r *reporter) report(race parallel.Race) {
	a, b := race.A, race.B
	if b.Write && !a.Write || b.Thread.ID < a.Thread.ID && b.Write == a.Write {
		a, b = b, a
	}
	pa, pb := a.SourcePos(), b.SourcePos()
	if !pa.IsValid() || !pb.IsValid() {
		return
	}
	// One finding for a write is enough to see what is wrong with it.
	if r.at[pa] || r.at[pb] && b.Write {
		return
	}
	// Nor does a variable that is written in many places need one for each.
	what := variable{race.Obj.Instr, a.At[0].Path, a.Thread.Site.Instr, b.Thread.Site.Instr}
	if r.told[what] {
		return
	}
	r.told[what] = true
	r.at[pa] = true
	if b.Write {
		r.at[pb] = true
	}
	d := analysis.Diagnostic{Pos: pa, Message: r.message(a, b, pa, pb)}
	if pa != pb {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: pb, Message: "the other use: " + b.Name() + " is " + verb(b) + " here"})
	}
	for _, x := range []*parallel.Access{a, b} {
		if x.Thread.Parent == nil {
			continue
		}
		pos := x.Thread.Site.Pos()
		if !slices.ContainsFunc(d.Related, func(r analysis.RelatedInformation) bool { return r.Pos == pos }) {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: pos, Message: "the goroutine starts here"})
		}
	}
	r.pass.Report(d)
}

func (r *reporter) message(a, b *parallel.Access, pa, pb token.Pos) string {
	name := a.Name()
	if a.Close {
		return r.closing(a, b)
	}
	switch {
	case a.Thread == b.Thread && pa == pb:
		return fmt.Sprintf("%s is %s here by every goroutine started at %s; nothing orders them", name, verb(a), r.place(a.Thread.Site.Pos()))
	case a.Thread == b.Thread:
		return fmt.Sprintf("%s is %s here and %s at %s by another of the goroutines started at %s; nothing orders the two",
			name, verb(a), verb(b), r.place(pb), r.place(a.Thread.Site.Pos()))
	case a.Thread.Parent == nil:
		return fmt.Sprintf("%s is %s here and %s by the goroutine started at %s; nothing orders the two", name, verb(a), verbAfter(a, b), r.place(b.Thread.Site.Pos()))
	case b.Thread.Parent == nil:
		return fmt.Sprintf("%s is %s here, by the goroutine started at %s, and %s at %s; nothing orders the two",
			name, verb(a), r.place(a.Thread.Site.Pos()), verb(b), r.place(pb))
	}
	return fmt.Sprintf("%s is %s here, by the goroutine started at %s, and %s by the one started at %s; nothing orders the two",
		name, verb(a), r.place(a.Thread.Site.Pos()), verb(b), r.place(b.Thread.Site.Pos()))
}

func (r *reporter) closing(a, b *parallel.Access) string {
	other := "sent to"
	if b.Write {
		other = "closed"
	}
	return fmt.Sprintf("%s is closed here and %s at %s; nothing orders the two, and what comes second panics", a.Name(), other, r.place(b.SourcePos()))
}

func verb(a *parallel.Access) string {
	word := "read"
	if a.Write {
		word = "written"
	}
	if a.Atomic {
		if a.Write {
			return "written atomically"
		}
		return "used"
	}
	return word
}

// verbAfter leaves the word out where it would be said twice.
func verbAfter(a, b *parallel.Access) string {
	if verb(a) == verb(b) {
		return "also"
	}
	return verb(b)
}

// place is a position for a message: file and line.
func (r *reporter) place(pos token.Pos) string {
	p := r.pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}
