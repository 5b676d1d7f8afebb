package sync

import (
	_ "embed"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/rule"
	"github.com/fearless-go/fearless/vet/internal/sendsync"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports what is shared by two goroutines and is not Sync.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, sendsync.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	d := pass.ResultOf[sendsync.Analyzer].(*sendsync.Types)
	for _, fn := range prog.SrcFuncs {
		for _, x := range sendsync.Crossings(fn, starts) {
			r := d.Crossing(x)
			if r == nil || !r.Marked || r.Trait != sendsync.Sync || !stillUsed(x) {
				continue
			}
			what := "a value"
			if x.Name != "" {
				what = "`" + x.Name + "`"
			}
			pass.Reportf(x.Pos, "%s is %s another goroutine and still used by this one, but %s", what, x.How, r.Describe(pointed(x.Type())))
		}
	}
	return nil, nil
}

func pointed(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// stillUsed tells whether the goroutine that hands x over uses it behind
// that, or hands it over again.
func stillUsed(x sendsync.Crossing) bool {
	v := x.Value
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X // the variable that holds the pointer
	}
	refs := v.Referrers()
	if refs == nil {
		_, global := v.(*ssa.Global)
		return global
	}
	for _, use := range *refs {
		if after(x.Site, use) {
			return true
		}
	}
	return false
}

// after tells whether use may happen behind site.
func after(site, use ssa.Instruction) bool {
	from, to := site.Block(), use.Block()
	if from == nil || to == nil || from.Parent() != to.Parent() {
		return false
	}
	if from == to {
		past := false
		for _, instr := range from.Instrs {
			if instr == use && past {
				return true
			}
			if instr == site {
				past = true
			}
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), from.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}
