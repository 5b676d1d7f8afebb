package waitloop

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports waits outside of a loop.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	wrappers := map[*ssa.Function]string{}
	for _, fn := range prog.SrcFuncs {
		for _, w := range waits(fn, nil) {
			if onlyWaits(fn, w.instr) {
				wrappers[fn] = w.what
			}
		}
	}
	mutexes := map[string]use{}
	for _, fn := range prog.SrcFuncs {
		for _, w := range waits(fn, wrappers) {
			if onlyWaits(fn, w.instr) {
				continue // its callers must loop
			}
			if !rechecked(w.instr) {
				report(pass, w)
			}
		}
		checkMutexes(pass, fn, mutexes)
	}
	return nil, nil
}

// A wait is a call that may return before its condition holds.
type wait struct {
	instr *ssa.Call
	what  string
}

func waits(fn *ssa.Function, wrappers map[*ssa.Function]string) []wait {
	var out []wait
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if what := waiting(&call.Call); what != "" {
				out = append(out, wait{call, what})
			} else if callee := call.Call.StaticCallee(); callee != nil && wrappers[callee] != "" {
				out = append(out, wait{call, callee.Name() + " (which only calls " + wrappers[callee] + ")"})
			}
		}
	}
	return out
}

func waiting(call *ssa.CallCommon) string {
	f := api.CalleeOf(call)
	switch {
	case f == api.Func{Pkg: "sync", Recv: "Cond", Name: "Wait"}:
		return "Cond.Wait"
	case f.Pkg == api.Thread && f.Recv == "" && (f.Name == "Park" || f.Name == "ParkTimeout" || f.Name == "ParkContext"):
		return "thread." + f.Name
	case f.Pkg == api.Lock && f.Recv == "Condvar" && (f.Name == "Wait" || f.Name == "WaitTimeout" || f.Name == "WaitContext"):
		return "Condvar." + f.Name
	}
	return ""
}

// onlyWaits reports whether fn does nothing but wait, without taking the
// lock itself, so that the loop is its callers' business.
func onlyWaits(fn *ssa.Function, at *ssa.Call) bool {
	if fn.Parent() != nil || len(fn.Blocks) > 2 || len(fn.Blocks) == 2 && fn.Recover == nil {
		return false
	}
	for _, instr := range fn.Blocks[0].Instrs {
		if call, ok := instr.(ssa.CallInstruction); ok && instr != ssa.Instruction(at) && lockset.OpOf(call.Common()).Kind != lockset.None {
			return false
		}
	}
	return true
}

// rechecked reports whether at can be reached again from itself: then a loop
// around it checks the condition. A condition that a lock protects is checked
// before that lock is released; park has no lock.
func rechecked(at *ssa.Call) bool {
	park := api.CalleeOf(&at.Call).Pkg == api.Thread
	seen := map[*ssa.BasicBlock]bool{}
	var reach func(b *ssa.BasicBlock, from int) bool
	reach = func(b *ssa.BasicBlock, from int) bool {
		for _, instr := range b.Instrs[from:] {
			if instr == ssa.Instruction(at) {
				return true
			}
			if call, ok := instr.(*ssa.Call); ok && !park && lockset.OpOf(&call.Call).Kind == lockset.Release {
				return false
			}
		}
		for _, succ := range b.Succs {
			if !seen[succ] {
				seen[succ] = true
				if reach(succ, 0) {
					return true
				}
			}
		}
		return false
	}
	for i, instr := range at.Block().Instrs {
		if instr == ssa.Instruction(at) {
			return reach(at.Block(), i+1)
		}
	}
	return false
}

func report(pass *analysis.Pass, w wait) {
	d := analysis.Diagnostic{
		Pos:     w.instr.Pos(),
		Message: w.what + " is not in a loop that checks its condition again: it may return before the condition holds",
	}
	if f := enclosingIf(pass, w.instr.Pos()); f != nil {
		d.Message += "; make the if at " + lockset.Position(pass, f.If) + " a for"
		d.Related = []analysis.RelatedInformation{{Pos: f.If, Message: "checked only once, here"}}
		if f.Init == nil && f.Else == nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{
				Message:   "check the condition in a loop",
				TextEdits: []analysis.TextEdit{{Pos: f.If, End: f.If + token.Pos(len("if")), NewText: []byte("for")}},
			}}
		}
	}
	pass.Report(d)
}

// enclosingIf returns the if statement whose body ends with the call at pos.
func enclosingIf(pass *analysis.Pass, pos token.Pos) *ast.IfStmt {
	var found *ast.IfStmt
	for _, file := range pass.Files {
		if file.FileStart > pos || pos >= file.FileEnd {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || n.Pos() > pos || n.End() <= pos {
				return false
			}
			if f, ok := n.(*ast.IfStmt); ok && len(f.Body.List) > 0 {
				if last := f.Body.List[len(f.Body.List)-1]; last.Pos() <= pos && pos < last.End() {
					found = f
				}
			}
			return true
		})
	}
	return found
}

// A use is the mutex with which a Condvar was first waited for.
type use struct {
	mutex lockset.Path
	pos   token.Pos
}

// checkMutexes reports a Condvar that is waited for with two mutexes.
func checkMutexes(pass *analysis.Pass, fn *ssa.Function, seen map[string]use) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			op := lockset.OpOf(&call.Call)
			if op.Kind != lockset.CondWait || op.Guard == nil {
				continue
			}
			origins := lockset.Origins(op.Guard)
			cond := lockset.Resolve(op.Lock)
			if len(origins) != 1 || cond.Class == "" {
				continue
			}
			locked, ok := origins[0].(*ssa.Call)
			if !ok {
				continue
			}
			lock := lockset.OpOf(&locked.Call)
			if lock.Lock == nil {
				continue
			}
			mutex := lockset.Resolve(lock.Lock)
			if mutex.Class == "" {
				continue
			}
			first, ok := seen[cond.Class]
			if !ok {
				seen[cond.Class] = use{mutex, call.Pos()}
				continue
			}
			if first.mutex.Class != mutex.Class {
				pass.Report(analysis.Diagnostic{
					Pos: call.Pos(),
					Message: fmt.Sprintf("%s is waited for with %s here, but with %s at %s: all waits for a Condvar must be with the same mutex",
						strings.TrimPrefix(cond.String(), "."), mutex, first.mutex, lockset.Position(pass, first.pos)),
					Related: []analysis.RelatedInformation{{Pos: first.pos, Message: "waited for with " + first.mutex.String() + " here"}},
				})
			}
		}
	}
}
