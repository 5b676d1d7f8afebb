package guard

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports locks that are not released, released twice or taken twice.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{lockset.Analyzer, inspect.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	locks := pass.ResultOf[lockset.Analyzer].(*lockset.Result)
	c := checker{pass, locks, map[token.Pos]bool{}}
	for _, f := range locks.Funcs {
		c.reentry(f)
		c.twice(f)
		c.leaks(f)
		c.panics(f)
		c.nested(f.Fn)
	}
	return nil, c.copies()
}

type checker struct {
	pass     *analysis.Pass
	locks    *lockset.Result
	reported map[token.Pos]bool
}

func (c checker) at(pos token.Pos) string { return lockset.Position(c.pass, pos) }

// report reports at most one finding at pos.
//
// category says how certain it is.
func (c checker) report(category string, pos token.Pos, related token.Pos, why string, fixes []analysis.SuggestedFix, format string, args ...any) {
	if !pos.IsValid() || c.reported[pos] {
		return
	}
	c.reported[pos] = true
	d := analysis.Diagnostic{Pos: pos, Category: category, Message: fmt.Sprintf(format, args...), SuggestedFixes: fixes}
	if related.IsValid() {
		d.Related = []analysis.RelatedInformation{{Pos: related, Message: why}}
	}
	c.pass.Report(d)
}

// reentry reports locks that are taken while they are held. Those that a
// called function takes are the business of the rule lockorder.
func (c checker) reentry(f *lockset.Func) {
	for _, a := range f.Acquisitions {
		if a.Inner != nil {
			continue
		}
		if d, ok := c.locks.Reentry(c.pass, a); ok && !c.reported[d.Pos] {
			c.reported[d.Pos] = true
			c.pass.Report(d)
		}
	}
}

// twice reports second releases.
func (c checker) twice(f *lockset.Func) {
	for _, a := range f.Again {
		if a.Instr == a.Prior.At && counted(f, a.Prior) || mayEnd(a.Prior.At) {
			continue
		}
		what := "unlocked"
		if a.Prior.Cell {
			what = "released"
		}
		if d, ok := a.Instr.(*ssa.Defer); ok {
			c.report("", a.Prior.At.Pos(), d.Pos(), "the deferred call", nil,
				"%s is %s here, and again by the call deferred at %s", a.Prior.Lock, what, c.at(d.Pos()))
			continue
		}
		c.report(inOrder(a.Prior.At, a.Instr), a.Instr.Pos(), a.Prior.At.Pos(), what+" here before", nil,
			"%s is %s here for the second time: it was %s at %s and nothing locks it in between", a.Prior.Lock, what, what, c.at(a.Prior.At.Pos()))
	}
	for _, m := range f.Mismatches {
		took, gave := "Lock", "RUnlock"
		if m.Prior.Mode == lockset.Shared {
			took, gave = "RLock", "Unlock"
		}
		c.report(inOrder(m.Prior.At, m.Instr), m.Instr.Pos(), m.Prior.At.Pos(), "locked here", nil,
			"%s is unlocked by %s, but was locked by %s at %s: this ends the program", m.Prior.Lock, gave, took, c.at(m.Prior.At.Pos()))
	}
}

// inOrder is how certain it is that b comes after a: no branch lies between
// them if they are in one block.
func inOrder(a, b ssa.Instruction) string {
	if a != nil && a.Block() == b.Block() {
		return rule.Must
	}
	return ""
}

// mayEnd reports whether a call behind instr, in its block, is given the test
// that it may end: as in "if err != nil { mu.Unlock(); require.NoError(t, err) }".
func mayEnd(instr ssa.Instruction) bool {
	b := instr.Block()
	for _, next := range b.Instrs[slices.Index(b.Instrs, instr)+1:] {
		call, ok := next.(*ssa.Call)
		if !ok {
			continue
		}
		for _, arg := range lockset.Args(&call.Call) {
			if m, _, _ := types.LookupFieldOrMethod(arg.Type(), true, nil, "FailNow"); m != nil {
				return true
			}
		}
	}
	return false
}

// counted reports whether a loop takes the lock that a loop gives back: a
// read lock may be held several times.
func counted(f *lockset.Func, h lockset.Holding) bool {
	if h.Mode != lockset.Shared {
		return false
	}
	for _, a := range f.Acquisitions {
		if a.Mode == lockset.Shared && a.Lock.Same(h.Lock) && repeats(a.Instr.Block()) {
			return true
		}
	}
	return false
}

// repeats reports whether b is in a loop.
func repeats(b *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		if next == b {
			return true
		}
		if !seen[next] {
			seen[next] = true
			work = append(work, next.Succs...)
		}
	}
	return false
}

// leaks reports locks that are held where the function returns.
func (c checker) leaks(f *lockset.Func) {
	for _, e := range f.Exits {
		h := e.Holding
		freed := f.Freed[h.At] || f.Given[h.At]
		// What a callee has locked for this function is only missed if other paths unlock it.
		if _, panics := e.Instr.(*ssa.Panic); panics || h.Foreign || !h.Lock.Known() || f.Doubtful[h.At] || h.Via != nil && h.Guard == nil && !freed {
			continue
		}
		if h.Guard == nil && (h.Lock.Class == "" && !(freed && silent(f.Fn)) || c.locks.ReleasedElsewhere(h.Lock) && !c.locks.Forgotten(f.Fn, h.Lock) && !(freed && unexpected(e.Instr) && !releasedInside(f.Fn, h.Lock))) {
			continue
		}
		if freed {
			pos := e.Instr.Pos()
			if !pos.IsValid() {
				pos = f.Fn.Syntax().End() - 1
			}
			others := "release it"
			if !f.Freed[h.At] {
				others = "return it to the caller"
			}
			c.report("", pos, h.At.Pos(), lockset.Verb(h.Mode, h.Cell)+" here", nil,
				"%s is still %s when the function returns here: it was %s at %s, and other paths %s", h.Lock, lockset.Verb(h.Mode, h.Cell), lockset.Verb(h.Mode, h.Cell), c.at(h.At.Pos()), others)
			continue
		}
		if h.Guard != nil {
			c.dropped(f, h)
			continue
		}
		if c.forOthers(f.Fn, h.Lock) && !c.locks.Forgotten(f.Fn, h.Lock) || c.locks.EndedByCaller(f.Fn) || f.Partial {
			continue
		}
		c.report("", h.At.Pos(), e.Instr.Pos(), "returns here", c.deferUnlock(h),
			"%s is %s here and never unlocked: whoever locks it next waits forever", h.Lock, lockset.Verb(h.Mode, false))
	}
}

// silent reports whether fn does not tell its caller by a bool whether it
// returns with a lock held. Whether a caller unlocks can be seen only of a lock
// that has a class; of another it is taken for possible where fn says which.
func silent(fn *ssa.Function) bool {
	results := fn.Signature.Results()
	for i := range results.Len() {
		if b, ok := results.At(i).Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
			return false
		}
	}
	return true
}

// dropped reports the guard of h, which the function never uses to unlock.
func (c checker) dropped(f *lockset.Func, h lockset.Holding) {
	call, ok := h.At.(*ssa.Call)
	if !ok {
		return
	}
	what, end := "guard", "Unlock"
	if h.Cell {
		what, end = "borrow", "Release"
	}
	var fixes []analysis.SuggestedFix
	if stmt, expr := c.statement(call.Pos()); stmt != nil && len(*call.Referrers()) == 0 && h.Via == nil {
		fixes = []analysis.SuggestedFix{{
			Message: "hold the lock until the function returns",
			TextEdits: []analysis.TextEdit{
				{Pos: expr.Pos(), End: expr.Pos(), NewText: []byte("defer ")},
				{Pos: expr.End(), End: expr.End(), NewText: []byte("." + end + "()")},
			},
		}}
	}
	if len(*call.Referrers()) == 0 {
		c.report("", call.Pos(), token.NoPos, "", fixes,
			"the %s of %s is dropped here: Go does not release it, so %s stays %s forever", what, h.Lock, h.Lock, lockset.Verb(h.Mode, h.Cell))
		return
	}
	c.report("", call.Pos(), token.NoPos, "", nil,
		"the %s of %s is never given to %s: %s stays %s when the function returns", what, h.Lock, end, h.Lock, lockset.Verb(h.Mode, h.Cell))
}

// forOthers reports whether fn may lock for a caller in another package,
// which can reach the lock to unlock it.
func (c checker) forOthers(fn *ssa.Function, p lockset.Path) bool {
	if c.pass.Pkg.Name() == "main" {
		return false
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() {
		return false
	}
	return p.Exported()
}

// deferUnlock is the edit that unlocks what h locks.
func (c checker) deferUnlock(h lockset.Holding) []analysis.SuggestedFix {
	stmt, call := c.statement(h.At.Pos())
	if stmt == nil {
		return nil
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	unlock := "Unlock"
	if h.Mode == lockset.Shared {
		unlock = "RUnlock"
	}
	return []analysis.SuggestedFix{{
		Message:   "unlock when the function returns",
		TextEdits: []analysis.TextEdit{{Pos: stmt.End(), End: stmt.End(), NewText: []byte("\n\tdefer " + types.ExprString(sel.X) + "." + unlock + "()")}},
	}}
}

// statement returns the call whose parenthesis is at pos and the statement
// that consists of it, or nil if it is part of something else.
func (c checker) statement(pos token.Pos) (*ast.ExprStmt, *ast.CallExpr) {
	for _, file := range c.pass.Files {
		if file.FileStart > pos || pos >= file.FileEnd {
			continue
		}
		var stmt *ast.ExprStmt
		var call *ast.CallExpr
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || call != nil || n.Pos() > pos || n.End() <= pos {
				return false
			}
			if s, ok := n.(*ast.ExprStmt); ok {
				if e, ok := s.X.(*ast.CallExpr); ok && e.Lparen == pos {
					stmt, call = s, e
				}
			}
			return true
		})
		return stmt, call
	}
	return nil, nil
}

// copies reports locks that are passed or assigned by value.
func (c checker) copies() error {
	inner := *c.pass
	inner.Report = func(d analysis.Diagnostic) {
		d.Message += ": a copy of a lock is another lock, which protects nothing"
		d.Category = rule.Must
		c.pass.Report(d)
	}
	_, err := copylock.Analyzer.Run(&inner)
	return err
}
