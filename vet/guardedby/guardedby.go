package guardedby

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports uses of memory without the lock that its comment names.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, lockset.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	guards := declared(pass)
	if len(guards) == 0 {
		return nil, nil
	}
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	c := &checker{
		pass: pass, guards: guards, pkg: prog.Pkg,
		locks:  pass.ResultOf[lockset.Analyzer].(*lockset.Result),
		starts: pass.ResultOf[goroutine.Analyzer].(*goroutine.Result),
		told:   map[token.Pos]bool{},
	}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				c.instruction(instr)
			}
		}
	}
	// Of x++, which does both at one place, the write is told.
	slices.SortStableFunc(c.found, func(a, b guarded) int { return cmp.Compare(truth(b.write), truth(a.write)) })
	for _, f := range c.found {
		c.check(f.use, f.guard, f.base, f.name)
	}
	return nil, nil
}

type checker struct {
	pass   *analysis.Pass
	guards map[*types.Var]guard
	pkg    *ssa.Package
	locks  *lockset.Result
	starts *goroutine.Result
	found  []guarded
	told   map[token.Pos]bool
}

// guarded is a use of what base has in a field that guard guards, or of a package
// variable if base is nil.
type guarded struct {
	use
	guard guard
	base  ssa.Value
	name  string
}

// instruction finds the uses of guarded memory whose address instr computes
// or has.
func (c *checker) instruction(instr ssa.Instruction) {
	if fa, ok := instr.(*ssa.FieldAddr); ok {
		field := fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(fa.Field)
		if g, ok := c.guards[field.Origin()]; ok {
			for _, u := range uses(fa, *fa.Referrers()) {
				c.found = append(c.found, guarded{u, g, fa.X, lockset.Resolve(fa).String()})
			}
		}
	}
	for _, op := range instr.Operands(nil) {
		global, ok := (*op).(*ssa.Global)
		if !ok {
			continue
		}
		v, ok := global.Object().(*types.Var)
		if !ok {
			continue
		}
		if g, ok := c.guards[v]; ok {
			for _, u := range uses(global, []ssa.Instruction{instr}) {
				c.found = append(c.found, guarded{u, g, nil, global.Name()})
			}
		}
	}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// check reports u, a use of what base has in a guarded field, or of a guarded
// package variable if base is nil.
func (c *checker) check(u use, g guard, base ssa.Value, name string) {
	if c.allowed(u.at, u.write, g, base, 0) || !u.pos().IsValid() || c.told[u.pos()] {
		return
	}
	c.told[u.pos()] = true
	lock := g.lock.Name()
	if i := strings.LastIndexByte(name, '.'); base != nil && i >= 0 {
		lock = name[:i+1] + lock
	}
	what, how, next := "read", "without "+lock, "lock it first"
	if u.write {
		what = "written"
		if c.allowed(u.at, false, g, base, 0) {
			how, next = "with "+lock+" only read-locked", "lock it for writing"
		}
	}
	c.pass.Report(analysis.Diagnostic{
		Pos:     u.pos(),
		Message: fmt.Sprintf("%s is %s here %s, which guards it (see %s): %s", name, what, how, lockset.Position(c.pass, g.at), next),
		Related: []analysis.RelatedInformation{{Pos: g.at, Message: "said here"}},
	})
}

// maxCallers is how many callers up the lock is looked for.
const maxCallers = 5

// allowed reports whether the lock of g is held whenever at happens, or needs
// not be.
func (c *checker) allowed(at ssa.Instruction, write bool, g guard, base ssa.Value, depth int) bool {
	want := c.lock(g, base)
	fn := at.Parent()
	if c.locks.HeldAt(at, want, write) || base == nil && first(fn) {
		return true
	}
	if made, ok := want.Within().(*ssa.Alloc); ok && base != nil && owned(made, at) {
		return true
	}
	if depth == maxCallers {
		return false
	}
	if fn.Parent() != nil {
		return c.handedOver(fn, write, g, base, depth)
	}
	param, isParam := want.Within().(*ssa.Parameter)
	if base != nil && (!isParam || lockset.Resolve(base).Root != ssa.Value(param) || base != ssa.Value(param)) {
		return false
	}
	calls := c.locks.UsesOf(fn)
	if obj, ok := fn.Object().(*types.Func); !ok || obj.Exported() || len(calls) == 0 {
		return false // who calls it is not known
	}
	for _, site := range calls {
		arg := base
		if base != nil {
			arg = site.Common().Args[index(fn, param)]
		}
		switch site.(type) {
		case *ssa.Go:
			return false
		case *ssa.Defer:
			continue // when the lock is given back by then is not looked at
		}
		if !c.allowed(site, write, g, arg, depth+1) {
			return false
		}
	}
	return true
}

// handedOver reports whether the literal fn is only handed to calls that are
// made with the lock held, and that start no goroutine with it.
func (c *checker) handedOver(fn *ssa.Function, write bool, g guard, base ssa.Value, depth int) bool {
	sites := 0
	for _, ref := range *fn.Referrers() {
		users := []ssa.Instruction{ref}
		if made, ok := ref.(*ssa.MakeClosure); ok {
			users = *made.Referrers()
		}
		for _, user := range users {
			call, ok := user.(*ssa.Call)
			if !ok || len(c.starts.At(call)) > 0 {
				return false
			}
			sites++
			given, _ := ref.(ssa.Value)
			if given == nil {
				given = fn
			}
			if !c.allowed(call, write, g, outer(base), depth+1) && !c.runsLocked(call, given, write, g, outer(base)) {
				return false
			}
		}
	}
	return sites > 0
}

// runsLocked reports whether the function that is called runs what it is given
// only while it holds the lock itself: that of the same object, which it is
// given as well.
func (c *checker) runsLocked(call *ssa.Call, given ssa.Value, write bool, g guard, base ssa.Value) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || len(callee.Blocks) == 0 {
		return false
	}
	var within ssa.Value // what base is there
	var runs *ssa.Parameter
	for i, arg := range call.Call.Args {
		switch {
		case arg == given:
			runs = callee.Params[i]
		case base != nil && lockset.Resolve(arg).Same(lockset.Resolve(base)):
			within = callee.Params[i]
		}
	}
	if runs == nil || base != nil && within == nil {
		return false
	}
	for _, user := range *runs.Referrers() {
		run, ok := user.(*ssa.Call)
		if !ok || run.Call.Value != ssa.Value(runs) || !c.locks.HeldAt(run, c.lock(g, within), write) {
			return false
		}
	}
	return true
}

// outer is what a captured base is in the function around.
func outer(base ssa.Value) ssa.Value {
	switch x := base.(type) {
	case *ssa.UnOp:
		if free, ok := x.X.(*ssa.FreeVar); ok {
			if cell, ok := lockset.Binding(free).(*ssa.Alloc); ok {
				if only := lockset.OnlyStore(cell); only != nil {
					return only
				}
			}
		}
	case *ssa.FreeVar:
		if bound := lockset.Binding(x); bound != nil {
			return bound
		}
	}
	return base
}

func (c *checker) lock(g guard, base ssa.Value) lockset.Path {
	if base == nil {
		return lockset.LockOf(c.pkg.Var(g.lock.Name()))
	}
	return lockset.LockIn(base, g.index)
}

// first reports whether fn runs before all other goroutines of its package's users.
func first(fn *ssa.Function) bool {
	return fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#"))
}

func index(fn *ssa.Function, param *ssa.Parameter) int {
	for i, p := range fn.Params {
		if p == param {
			return i
		}
	}
	return 0
}
