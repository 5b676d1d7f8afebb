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
	"github.com/fearless-go/fearless/vet/internal/guarding"
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
		Checker: guarding.Checker{
			Pkg:    prog.Pkg,
			Locks:  pass.ResultOf[lockset.Analyzer].(*lockset.Result),
			Starts: pass.ResultOf[goroutine.Analyzer].(*goroutine.Result),
		},
		pass: pass, guards: guards, told: map[token.Pos]bool{},
	}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				c.instruction(instr)
			}
		}
	}
	// Of x++, which does both at one place, the write is told.
	slices.SortStableFunc(c.found, func(a, b guarded) int { return cmp.Compare(truth(b.Write), truth(a.Write)) })
	for _, f := range c.found {
		c.check(f.Use, f.guard, f.base, f.name)
	}
	return nil, nil
}

type checker struct {
	guarding.Checker
	pass   *analysis.Pass
	guards map[*types.Var]guard
	found  []guarded
	told   map[token.Pos]bool
}

// guarded is a use of what base has in a field that guard guards, or of a package
// variable if base is nil.
type guarded struct {
	guarding.Use
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
			for _, u := range guarding.Uses(fa, *fa.Referrers()) {
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
			for _, u := range guarding.Uses(global, []ssa.Instruction{instr}) {
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
func (c *checker) check(u guarding.Use, g guard, base ssa.Value, name string) {
	if c.Allowed(u.At, u.Write, g.Guard, base) || !u.Pos().IsValid() || c.told[u.Pos()] {
		return
	}
	c.told[u.Pos()] = true
	lock := g.Lock.Name()
	if i := strings.LastIndexByte(name, '.'); base != nil && i >= 0 {
		lock = name[:i+1] + lock
	}
	what, how, next := "read", "without "+lock, "lock it first"
	if u.Write {
		what = "written"
		if c.Allowed(u.At, false, g.Guard, base) {
			how, next = "with "+lock+" only read-locked", "lock it for writing"
		}
	}
	c.pass.Report(analysis.Diagnostic{
		Pos:     u.Pos(),
		Message: fmt.Sprintf("%s is %s here %s, which guards it (see %s): %s", name, what, how, lockset.Position(c.pass, g.at), next),
		Related: []analysis.RelatedInformation{{Pos: g.at, Message: "said here"}},
	})
}
