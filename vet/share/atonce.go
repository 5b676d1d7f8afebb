package share

import (
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/atonce"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

// atOnce reports what the entries of a package use at once, where no go
// statement is to be seen.
func (r *reporter) atOnce(prog *buildssa.SSA, starts *goroutine.Result, locks *lockset.Result) {
	for _, x := range atonce.Find(r.pass, prog, starts, locks) {
		pos := x.A.Instr.Pos()
		if !pos.IsValid() || r.at[pos] {
			continue
		}
		r.at[pos] = true
		assumed := "two of what is said to run at once do"
		if x.Lock != "" {
			assumed = "two goroutines call the two at once, as the lock says"
		}
		d := analysis.Diagnostic{
			Pos:      pos,
			Category: rule.May(assumed),
			Message:  x.Message(func(pos token.Pos) string { return r.place(pos) }),
			Related:  []analysis.RelatedInformation{{Pos: x.At, Message: "why they run at once"}},
		}
		if x.B.Instr != x.A.Instr {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: x.B.Instr.Pos(), Message: "the other use"})
		}
		r.pass.Report(d)
	}
}
