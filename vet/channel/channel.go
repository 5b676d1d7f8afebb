package channel

import (
	_ "embed"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/closed"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/rule"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports operations on channels and groups that panic.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, closed.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	r := &reporter{pass: pass, at: map[token.Pos]bool{}}
	o := newOrder(prog)
	for _, fn := range prog.SrcFuncs {
		if len(fn.Blocks) == 0 {
			continue
		}
		if !recovers(fn) {
			o.report(r, fn)
		}
		chans := chanflow.Locals(fn, prog, starts)
		for _, c := range chans {
			if l := unserved.Find(c, chans); l != nil && l.Closes {
				r.closedByReceiver(c, l)
			}
		}
		r.lateLog(fn, starts)
	}
	r.twice(prog)
	r.groups(prog, starts)
	r.broken(pass.ResultOf[closed.Analyzer].(*closed.Result))
	return nil, nil
}

// A reporter reports each place once.
type reporter struct {
	pass *analysis.Pass
	at   map[token.Pos]bool
}

func (r *reporter) report(d analysis.Diagnostic) {
	if d.Pos.IsValid() && !r.at[d.Pos] {
		r.at[d.Pos] = true
		r.pass.Report(d)
	}
}

// recovers reports whether fn defers a function of its own that calls
// recover: then it may panic on purpose.
func recovers(fn *ssa.Function) bool {
	for _, inner := range fn.AnonFuncs {
		for _, b := range inner.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
						return true
					}
				}
			}
		}
	}
	return false
}
