package held

import (
	_ "embed"
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports locks that are held across operations that wait.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	locks := pass.ResultOf[lockset.Analyzer].(*lockset.Result)
	reported := map[token.Pos]bool{}
	for _, f := range locks.Funcs {
		for _, b := range f.Blocks {
			pos := b.Instr.Pos()
			if reported[pos] {
				continue
			}
			for _, h := range b.Held {
				if h.Cell || !h.Lock.Known() {
					continue
				}
				reported[pos] = true
				pass.Report(describe(pass, b, h))
				break
			}
		}
	}
	return nil, nil
}

func describe(pass *analysis.Pass, b lockset.Block, h lockset.Holding) analysis.Diagnostic {
	what := b.What
	if b.Inner != nil {
		by := "the function called here"
		if b.Callee != nil {
			by = b.Callee.Name()
		}
		what += fmt.Sprintf(" in %s (at %s)", strings.Join(append([]string{by}, b.Inner.Via...), ", through "), b.Inner.At)
	}
	since := lockset.Position(pass, h.At.Pos())
	return analysis.Diagnostic{
		Pos: b.Instr.Pos(),
		Message: fmt.Sprintf("%s is %s since %s and still held during %s: whoever wants it waits as long; unlock it before",
			h.Lock, lockset.Verb(h.Mode, false), since, what),
		Related: []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: lockset.Verb(h.Mode, false) + " here"}},
	}
}
