package guard

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// panics reports panics that leave a lock held although somebody recovers.
func (c checker) panics(f *lockset.Func) {
	recovers := recovers(f.Fn)
	for _, e := range f.Exits {
		if _, ok := e.Instr.(*ssa.Panic); !ok || e.Holding.Guard == nil && !recovers || e.Holding.Cell {
			continue
		}
		c.panicking(e, "panics here")
	}
	for _, e := range f.Risks {
		// Only the paths that unlock after the call intend to hold it no longer.
		if !f.Freed[e.Holding.At] || e.Holding.Guard == nil && !recovers || e.Holding.Cell {
			continue
		}
		c.panicking(e, "stays so if this call panics")
	}
}

func (c checker) panicking(e lockset.Exit, how string) {
	h := e.Holding
	effect := "the recovered program goes on with the mutex locked"
	if h.Guard != nil {
		effect = "nothing unlocks or poisons it; use defer, or With"
	}
	c.report("", e.Instr.Pos(), h.At.Pos(), lockset.Verb(h.Mode, false)+" here", nil,
		"%s is %s since %s and %s: %s", h.Lock, lockset.Verb(h.Mode, false), c.at(h.At.Pos()), how, effect)
}

// recovers reports whether fn has a deferred closure that recovers from panics.
func recovers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			if target := api.Target(d.Call.Value); target != nil && callsRecover(target) {
				return true
			}
		}
	}
	return false
}

func callsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}

// nested reports guards that a deferred closure unlocks.
func (c checker) nested(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			target := api.Target(d.Call.Value)
			if target == nil || target.Parent() == nil {
				continue
			}
			for _, b := range target.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(*ssa.Call)
					if !ok {
						continue
					}
					op := lockset.OpOf(&call.Call)
					if op.Kind != lockset.Release || op.Guard == nil || op.Cell || !poisons(op.Guard.Type()) || parentOf(op.Guard) != fn {
						continue
					}
					c.report("", call.Pos(), d.Pos(), "deferred here", c.undefer(d, call),
						"this guard is unlocked inside the closure deferred at %s, where Unlock cannot see a panic: the mutex is not poisoned; defer Unlock itself", c.at(d.Pos()))
				}
			}
		}
	}
}

// parentOf returns the function whose local variable holds the guard v.
func parentOf(v ssa.Value) *ssa.Function {
	for _, o := range lockset.Origins(v) {
		return o.Parent()
	}
	return nil
}

// poisons reports whether a panic under the guard type t poisons its lock.
func poisons(t types.Type) bool {
	n := api.TypeOf(t).Name
	return n == "Guard" || n == "WriteGuard"
}

// undefer is the edit that defers call itself, if the closure does nothing else.
func (c checker) undefer(d *ssa.Defer, call *ssa.Call) []analysis.SuggestedFix {
	for _, file := range c.pass.Files {
		if file.FileStart > d.Pos() || d.Pos() >= file.FileEnd {
			continue
		}
		var fixes []analysis.SuggestedFix
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.DeferStmt)
			if !ok || s.Defer != d.Pos() {
				return true
			}
			lit, ok := s.Call.Fun.(*ast.FuncLit)
			if !ok || len(lit.Body.List) != 1 || len(s.Call.Args) != 0 {
				return false
			}
			only, ok := lit.Body.List[0].(*ast.ExprStmt)
			if !ok {
				return false
			}
			inner, ok := only.X.(*ast.CallExpr)
			if !ok || inner.Lparen != call.Pos() || len(inner.Args) != 0 {
				return false
			}
			fixes = []analysis.SuggestedFix{{
				Message:   "defer Unlock itself",
				TextEdits: []analysis.TextEdit{{Pos: s.Call.Pos(), End: s.Call.End(), NewText: []byte(types.ExprString(inner.Fun) + "()")}},
			}}
			return false
		})
		return fixes
	}
	return nil
}
