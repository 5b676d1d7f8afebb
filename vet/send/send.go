package send

import (
	_ "embed"
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/rule"
	"github.com/fearless-go/fearless/vet/internal/sendsync"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports values that cross goroutines and are not Send.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires:  []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, sendsync.Analyzer},
	Run:       run,
	FactTypes: []analysis.Fact{new(SendsTypeParams)},
})

// SendsTypeParams is the fact that values of some of a generic function's
// type parameters go to another goroutine: those must be Send.
type SendsTypeParams struct{ Index []int }

// AFact marks SendsTypeParams as a fact.
func (*SendsTypeParams) AFact() {}

func (f *SendsTypeParams) String() string { return fmt.Sprint("sends type parameters ", f.Index) }

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	d := pass.ResultOf[sendsync.Analyzer].(*sendsync.Types)
	c := &checker{pass: pass, types: d, generic: map[*types.Func]*SendsTypeParams{}, modelled: modelled(prog)}
	for _, fn := range prog.SrcFuncs {
		for _, x := range sendsync.Crossings(fn, starts) {
			c.crossing(fn, x)
		}
		for _, s := range starts.In(fn) {
			c.result(s)
		}
	}
	// A generic function may hand its type parameters on to another one.
	for changed := true; changed; {
		changed = false
		for _, fn := range prog.SrcFuncs {
			c.instances(fn, func(call ssa.CallInstruction, callee *types.Func, targ types.Type) {
				if c.require(fn, targ) {
					changed = true
				}
			})
		}
	}
	for obj, fact := range c.generic {
		pass.ExportObjectFact(obj, fact)
	}
	for _, fn := range prog.SrcFuncs {
		c.instances(fn, func(call ssa.CallInstruction, callee *types.Func, targ types.Type) {
			if r := d.Lacks(targ, sendsync.Send); r != nil {
				pass.Reportf(call.Pos(), "%s sends a value of its type argument to another goroutine, but %s%s",
					callee.Name(), r.Describe(targ), advice(r))
			}
		})
	}
	return nil, nil
}

type checker struct {
	pass    *analysis.Pass
	types   *sendsync.Types
	generic map[*types.Func]*SendsTypeParams

	modelled map[*ssa.Function]bool
}

func (c *checker) crossing(fn *ssa.Function, x sendsync.Crossing) {
	c.require(fn, x.Type())
	r := c.types.Crossing(x)
	// A mark against sharing alone is what rule sync is about.
	if r == nil || r.Marked && r.Trait == sendsync.Sync || r.Unchecked() && c.modelled[fn] {
		return
	}
	what := "a value"
	if x.Name != "" {
		what = "`" + x.Name + "`"
	}
	c.pass.Reportf(x.Pos, "%s is %s another goroutine, but %s%s", what, x.How, r.Describe(x.Type()), advice(r))
}

func advice(r *sendsync.Reason) string {
	if a := r.Advice(); a != "" {
		return "; " + a
	}
	return ""
}

// result checks what a thread hands back when it is joined.
func (c *checker) result(s goroutine.Start) {
	if s.Via.Pkg != api.Thread || s.Fn == nil {
		return
	}
	sig, ok := s.Fn.Type().Underlying().(*types.Signature)
	if !ok || sig.Results().Len() != 1 {
		return
	}
	typ := sig.Results().At(0).Type()
	if r := c.types.Lacks(typ, sendsync.Send); r != nil {
		c.pass.Reportf(s.Pos(), "the thread's result goes to the goroutine that joins it, but %s%s", r.Describe(typ), advice(r))
	}
}

// require notes the type parameters of fn that typ holds: they must be Send.
func (c *checker) require(fn *ssa.Function, typ types.Type) (changed bool) {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return false
	}
	obj = obj.Origin()
	params := obj.Signature().TypeParams()
	if params.Len() == 0 {
		params = obj.Signature().RecvTypeParams()
	}
	for i := range params.Len() {
		if !mentions(typ, params.At(i), 0) {
			continue
		}
		fact := c.generic[obj]
		if fact == nil {
			fact = &SendsTypeParams{}
			c.generic[obj] = fact
		}
		if !slices.Contains(fact.Index, i) {
			fact.Index = append(fact.Index, i)
			changed = true
		}
	}
	return changed
}

// mentions tells whether a value of type t holds one of type parameter p.
func mentions(t types.Type, p *types.TypeParam, depth int) bool {
	if depth > 8 {
		return false
	}
	switch u := types.Unalias(t).(type) {
	case *types.TypeParam:
		return u.Index() == p.Index() && u.Obj().Name() == p.Obj().Name()
	case *types.Pointer:
		return mentions(u.Elem(), p, depth+1)
	case *types.Slice:
		return mentions(u.Elem(), p, depth+1)
	case *types.Array:
		return mentions(u.Elem(), p, depth+1)
	case *types.Chan:
		return mentions(u.Elem(), p, depth+1)
	case *types.Map:
		return mentions(u.Key(), p, depth+1) || mentions(u.Elem(), p, depth+1)
	case *types.Named:
		for arg := range u.TypeArgs().Types() {
			if mentions(arg, p, depth+1) {
				return true
			}
		}
	case *types.Struct:
		for f := range u.Fields() {
			if mentions(f.Type(), p, depth+1) {
				return true
			}
		}
	}
	return false
}

// instances calls do for the type arguments that must be Send in the calls
// that fn makes.
func (c *checker) instances(fn *ssa.Function, do func(ssa.CallInstruction, *types.Func, types.Type)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			callee := call.Common().StaticCallee()
			if callee == nil || len(callee.TypeArgs()) == 0 {
				continue
			}
			obj := api.Callee(call.Common())
			if obj == nil {
				continue
			}
			fact := c.generic[obj.Origin()]
			if fact == nil {
				fact = &SendsTypeParams{}
				if obj.Pkg() == c.pass.Pkg || !c.pass.ImportObjectFact(obj.Origin(), fact) {
					continue
				}
			}
			// The library's own functions are known by what they are given.
			if obj.Pkg() != nil && obj.Pkg().Path() == api.Thread {
				continue
			}
			for _, i := range fact.Index {
				if targs := callee.TypeArgs(); i < len(targs) {
					do(call, obj, targs[i])
				}
			}
		}
	}
}
