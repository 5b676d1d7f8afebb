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
	for _, f := range locks.Funcs {
		// What waits while one lock is held is one finding: unlocking it
		// earlier mends all of them.
		found := map[token.Pos]*analysis.Diagnostic{}
		told := map[token.Pos]bool{}
		var order []*analysis.Diagnostic
		for _, b := range f.Blocks {
			pos := b.Instr.Pos()
			if told[pos] {
				continue
			}
			for _, h := range b.Held {
				if h.Cell || !h.Lock.Known() {
					continue
				}
				told[pos] = true
				if d := found[h.At.Pos()]; d != nil {
					if worse := describe(pass, locks, b, h); d.Category == rule.Note && worse.Category != rule.Note {
						worse.Related = append(worse.Related, d.Related...)
						*d = worse
						break
					}
					d.Related = append(d.Related, analysis.RelatedInformation{Pos: pos, Message: "and during " + what(b)})
					break
				}
				d := describe(pass, locks, b, h)
				found[h.At.Pos()] = &d
				order = append(order, &d)
				break
			}
		}
		for _, d := range order {
			pass.Report(*d)
		}
	}
	return nil, nil
}

// what says what b waits for, and through which calls.
func what(b lockset.Block) string {
	if b.Inner == nil {
		return b.What
	}
	by := "the function called here"
	if b.Callee != nil {
		by = b.Callee.Name()
	}
	return fmt.Sprintf("%s in %s (at %s)", b.What, strings.Join(append([]string{by}, b.Inner.Via...), ", through "), b.Inner.At)
}

// describe is a note, unless what is waited for needs the lock itself.
func describe(pass *analysis.Pass, locks *lockset.Result, b lockset.Block, h lockset.Holding) analysis.Diagnostic {
	since := lockset.Position(pass, h.At.Pos())
	if at, ok := deadlock(locks, b, h); ok {
		return analysis.Diagnostic{
			Pos: b.Instr.Pos(),
			Message: fmt.Sprintf("%s is %s since %s and still held during %s, and whoever could end that takes it first, at %s: they wait for each other forever; unlock it before",
				h.Lock, lockset.Verb(h.Mode, false), since, what(b), lockset.Position(pass, at)),
			Related: []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: lockset.Verb(h.Mode, false) + " here"}, {Pos: at, Message: "taken here"}},
		}
	}
	return analysis.Diagnostic{
		Pos:      b.Instr.Pos(),
		Category: rule.Note,
		Message: fmt.Sprintf("%s is %s since %s and still held during %s: whoever wants it waits as long; unlock it before",
			h.Lock, lockset.Verb(h.Mode, false), since, what(b)),
		Related: []analysis.RelatedInformation{{Pos: h.At.Pos(), Message: lockset.Verb(h.Mode, false) + " here"}},
	}
}
