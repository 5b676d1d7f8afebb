package share

import (
	_ "embed"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/closed"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/parallel"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule is what Analyzer reports.
var Rule = rule.Parse(doc)

// Analyzer reports unordered uses of shared memory.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer, lockset.Analyzer, closed.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	if closed.Runtime(pass.Pkg.Path()) {
		return nil, nil
	}
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	locks := pass.ResultOf[lockset.Analyzer].(*lockset.Result)
	r := &reporter{pass: pass, at: map[token.Pos]bool{}, told: map[variable]bool{}}
	d := newDecider(pass.ResultOf[closed.Analyzer].(*closed.Result))
	followed := 0
	for _, root := range d.Roots {
		if followed > maxFollowed && len(starts.In(root)) == 0 {
			continue
		}
		tree, n := parallel.New(root, starts, locks, d.Called(root) && !token.IsExported(root.Name()))
		followed += n
		if tree == nil {
			continue
		}
		for _, race := range tree.Races() {
			if a, b := staticSide(race.A), staticSide(race.B); d.confirms(root, race) {
				r.report(a, b, variable{race.Obj.Instr, race.A.At[0].Path, race.A.Thread.Site.Instr, race.B.Thread.Site.Instr}, d.category(root, race))
			}
		}
	}
	d.report(r)
	r.atOnce(prog, starts, locks)
	return nil, nil
}

// maxFollowed is how many instructions are followed from all functions of a
// package together, before functions that only call those that start
// goroutines are no longer looked from.
const maxFollowed = 4_000_000
