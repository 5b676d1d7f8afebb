package share

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/parallel"
)

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

	around     map[*ssa.Function]*exact.Result // of what calls functions that are not known
	leftAround int                             // states that are left for these
}

func newDecider(prog *buildssa.SSA) *decider {
	d := &decider{
		prog: prog, main: prog.Pkg.Pkg.Name() == "main",
		mentions: map[*ssa.Function][]*ssa.Function{}, invoked: map[string][]*ssa.Function{},
		results: map[*ssa.Function]*exact.Result{}, state: map[*ssa.Function]int8{}, remaining: maxExplored,
		around: map[*ssa.Function]*exact.Result{}, leftAround: 4 * maxExplored,
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

// confirms reports whether a race that package parallel sees from root is to
// be told of. Where all executions are known, it has to be in one of them.
func (d *decider) confirms(root *ssa.Function, race parallel.Race) bool {
	if !d.decided(root) {
		return !d.excludes(root, race)
	}
	for _, r := range d.results {
		if has(r, race) {
			return true
		}
	}
	return false
}

func has(r *exact.Result, race parallel.Race) bool {
	for _, known := range r.Races {
		a, b := known.A.Instr, known.B.Instr
		if a == race.A.Instr && b == race.B.Instr || a == race.B.Instr && b == race.A.Instr {
			return true
		}
	}
	return false
}

// excludes reports whether race happens in no execution of root, whatever the
// functions that are not known return to it.
func (d *decider) excludes(root *ssa.Function, race parallel.Race) bool {
	r, known := d.around[root]
	if !known {
		if d.leftAround <= 0 {
			return false
		}
		r = exact.ExploreAround(root)
		d.leftAround -= r.States
		d.around[root] = r
	}
	return r.Complete && !r.Fails && !has(r, race)
}

// report tells of the races that are certain, and of those that stand on a
// branch of which it is not known whether it is taken if all else is known.
func (d *decider) report(r *reporter) {
	var roots []*ssa.Function
	for fn := range d.results {
		roots = append(roots, fn)
	}
	slices.SortFunc(roots, func(a, b *ssa.Function) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, fn := range roots {
		result := d.results[fn]
		for _, race := range result.Races {
			if race.Guessed && !result.Complete {
				continue
			}
			what := variable{race.Made, strconv.Itoa(race.Cell), race.A.Start, race.B.Start}
			r.report(exactSide(race.A), exactSide(race.B), what)
		}
	}
}
