package atonce

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// A parallel is a test, or a subtest, that runs beside others: package testing
// lets all those that have called T.Parallel go on together when the function
// that started them has returned.
type parallel struct {
	fn       *ssa.Function
	site     ssa.CallInstruction // the call of T.Run, or nil
	often    bool                // it stands in a loop
	accesses []Access
}

// subtests finds memory that parallel subtests of one function share, and
// package variables that parallel tests do, of which one writes.
//
// They all do much the same, so that a lock which is not held any more orders
// none of them. What they may have waited for, a receive, a join or a Once, makes
// it silent.
func (f *finder) subtests() {
	var tests []parallel
	for _, fn := range f.prog.SrcFuncs {
		if !f.inTest(fn) {
			continue
		}
		if fn.Parent() == nil && strings.HasPrefix(fn.Name(), "Test") {
			if p, ok := f.parallel(fn, nil); ok {
				tests = append(tests, p)
			}
		}
		var subs []parallel
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || api.CalleeOf(&call.Call) != (api.Func{Pkg: "testing", Recv: "T", Name: "Run"}) {
					continue
				}
				target := api.Target(call.Call.Args[2])
				if target == nil || target.Parent() != fn {
					continue
				}
				if p, ok := f.parallel(target, call); ok {
					subs = append(subs, p)
				}
			}
		}
		f.beside(subs, func(a Access, p parallel) bool { return !f.own(a, p.fn) })
	}
	f.beside(tests, func(a Access, p parallel) bool { _, global := a.place.variable.(*ssa.Global); return global })
}

// beside reports what two of the tests all use, or one that is started often;
// shared tells which memory of a test counts.
func (f *finder) beside(all []parallel, shared func(Access, parallel) bool) {
	for i, p := range all {
		for _, a := range p.accesses {
			if !a.Write || !shared(a, p) {
				continue
			}
			if p.often && !f.anew(a, p) {
				f.add(Finding{A: a, B: a, Evidence: "the subtests call Parallel, and run together", At: p.site.Pos()})
			}
			for j, q := range all {
				if i == j {
					continue
				}
				for _, b := range q.accesses {
					if b.place == a.place && shared(b, q) {
						f.add(Finding{A: a, B: b, Evidence: "both tests call Parallel, and run together", At: q.fn.Pos()})
					}
				}
			}
		}
	}
}

// anew reports whether a is to a variable that each round of the loop around the
// start of p has anew.
func (f *finder) anew(a Access, p parallel) bool {
	made, ok := a.place.variable.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, l := range unserved.LoopsAround(p.site) {
		if l[made.Block()] {
			return true
		}
	}
	return false
}

// parallel returns fn as a test that runs beside others, with what it uses then.
func (f *finder) parallel(fn *ssa.Function, site *ssa.Call) (parallel, bool) {
	if len(fn.Blocks) == 0 || len(fn.Params) != 1 || api.TypeOf(fn.Params[0].Type()) != (api.Type{Pkg: "testing", Name: "T"}) {
		return parallel{}, false
	}
	var from ssa.Instruction
	var waits []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && b.Index == 0 && api.CalleeOf(&call.Call) == (api.Func{Pkg: "testing", Recv: "T", Name: "Parallel"}) {
				from = instr
			}
			if orders(instr) {
				waits = append(waits, instr)
			}
		}
	}
	if from == nil {
		return parallel{}, false
	}
	p := parallel{fn: fn}
	if site != nil {
		p.site, p.often = site, unserved.InLoop(site, nil)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if a, ok := accessOf(instr, nil); ok && unserved.Reaches(from, instr) && !after(waits, instr) {
				p.accesses = append(p.accesses, a)
			}
		}
	}
	return p, true
}

// orders reports whether instr may wait for another test, or takes a lock.
func orders(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return acquiring(x, 0)
	case *ssa.Select:
		return true
	case *ssa.Call:
		if goroutine.IsJoin(&x.Call) || lockset.OpOf(&x.Call).Kind != lockset.None {
			return true
		}
		callee := x.Call.StaticCallee()
		if x.Call.IsInvoke() {
			return locker(x.Call.Value.Type())
		}
		if callee == nil {
			_, builtin := x.Call.Value.(*ssa.Builtin)
			return !builtin
		}
		if obj, ok := callee.Object().(*types.Func); ok && obj.Pkg() != nil && (obj.Pkg().Path() == "sync" || obj.Pkg().Path() == "sync/atomic") {
			return true
		}
		// A function that is given a function or a channel may wait with it.
		for _, arg := range x.Call.Args {
			switch arg.Type().Underlying().(type) {
			case *types.Signature, *types.Chan:
				return true
			}
		}
		return callee.Parent() != nil
	}
	return false
}
