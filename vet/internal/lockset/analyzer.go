package lockset

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
)

// Analyzer computes a *[Result] and exports [Locks] and [Order] facts.
var Analyzer = &analysis.Analyzer{
	Name:       "lockset",
	Doc:        "compute which locks are held where, for other analyzers",
	Requires:   []*analysis.Analyzer{buildssa.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Locks), new(Order)},
}

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	c := &computation{
		pass:  pass,
		funcs: prog.SrcFuncs,
		res: &Result{pass: pass, foreign: map[string]bool{}, ended: map[*types.Func]bool{}, pkg: prog.Pkg, all: prog.SrcFuncs,
			freedBy: map[string]map[*ssa.Function]bool{}, takers: map[string][]*ssa.Function{}},
		summaries: map[*ssa.Function]*Summary{},
		walked:    map[*ssa.Function]*Func{},
		active:    map[*ssa.Function]bool{},
		facts:     map[*types.Func]*Summary{},
		conds:     map[*ssa.Function]map[string]int{},
		equations: map[equation]bool{},
		aliases:   map[string]aliasOf{},
		sites:     map[*ssa.Function][]site{},
	}
	if c.watches() {
		c.res.at = map[ssa.Instruction][][]Holding{}
	}
	c.findAliases()
	for _, fn := range prog.SrcFuncs {
		if inlined(fn) {
			continue
		}
		c.summary(fn)
		if f := c.walked[fn]; f != nil {
			c.res.Funcs = append(c.res.Funcs, f)
		}
	}
	c.noteTakers()
	c.edges()
	c.res.Pairs = c.pairs()
	c.export()
	return c.res, nil
}

// inlined reports whether the walk meets the closure fn only where it is
// called, deferred or run under a lock, inside another function.
func inlined(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	uses := 0
	for _, instr := range usersOf(fn) {
		if m, ok := instr.(*ssa.MakeClosure); ok && m.Fn == fn {
			continue
		}
		call, isCall := instr.(ssa.CallInstruction)
		if _, isGo := instr.(*ssa.Go); isGo || !isCall || !runsHere(call.Common(), fn) {
			return false
		}
		uses++
	}
	return uses > 0
}

// usersOf returns the instructions that use the closure fn, or the value that
// holds it with what it captures.
func usersOf(fn *ssa.Function) []ssa.Instruction {
	var users []ssa.Instruction
	for _, instr := range *fn.Referrers() {
		users = append(users, instr)
		if m, ok := instr.(*ssa.MakeClosure); ok && m.Fn == fn {
			users = append(users, *m.Referrers()...)
		}
	}
	return users
}

func refersTo(v ssa.Value, fn *ssa.Function) bool {
	if v == ssa.Value(fn) {
		return true
	}
	m, ok := v.(*ssa.MakeClosure)
	return ok && m.Fn == fn
}

// runsHere reports whether call runs fn, its callee or argument, before it returns.
func runsHere(call *ssa.CallCommon, fn *ssa.Function) bool {
	if refersTo(call.Value, fn) {
		return true
	}
	if OpOf(call).Kind == Within {
		return true
	}
	f := api.CalleeOf(call)
	return f.Name == "Do" && f.Recv == "Once" && (f.Pkg == "sync" || f.Pkg == api.Lock)
}

// edges collects the orders in which locks of different classes are taken,
// each of them once.
func (c *computation) edges() {
	seen := map[string]bool{}
	contexts := c.contexts()
	for _, f := range c.res.Funcs {
		for _, a := range f.Acquisitions {
			for _, h := range a.Held {
				first, second := h.Lock.Class, a.Lock.Class
				if a.Cell || h.Cell || first == "" || second == "" || first == second {
					continue
				}
				gates := gatesOf(a, first, contexts[origin(f.Fn)])
				k := fmt.Sprint(first, second, h.Mode, a.Mode, gates)
				if seen[k] || seen[fmt.Sprint(first, second, h.Mode, a.Mode, []Gate(nil))] {
					continue
				}
				e := Edge{First: h.Lock, Second: a.Lock, FirstMode: h.Mode, SecondMode: a.Mode, Gates: gates,
					FirstAt: c.at(h.At.Pos()), FirstPos: h.At.Pos(), SecondAt: c.at(a.Instr.Pos()), Pos: a.Instr.Pos(), Func: f.Fn.Name(), Local: true}
				if e.Private() {
					continue
				}
				seen[k] = true
				if a.Inner != nil {
					e.SecondAt = a.Inner.At
					e.Via = append([]string{name(a.Callee, a.Instr)}, a.Inner.Via...)
				}
				c.res.Edges = append(c.res.Edges, e)
			}
		}
	}
	for _, pf := range c.pass.AllPackageFacts() {
		o, ok := pf.Fact.(*Order)
		if !ok || pf.Package == c.pass.Pkg {
			continue
		}
		for _, e := range o.Edges {
			edge := Edge{First: Path{Class: e.First}, Second: Path{Class: e.Second}, FirstMode: Exclusive, SecondMode: Exclusive,
				FirstAt: e.FirstAt, SecondAt: e.SecondAt, Func: e.Func, Gates: e.Gates, Pos: token.NoPos}
			if e.FirstShared {
				edge.FirstMode = Shared
			}
			if e.SecondShared {
				edge.SecondMode = Shared
			}
			c.res.Edges = append(c.res.Edges, edge)
		}
	}
}
