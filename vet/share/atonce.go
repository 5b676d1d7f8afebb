package share

import (
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/atonce"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

// atOnce reports what the entries of a package use at once, where no go
// statement is to be seen.
func (r *reporter) atOnce(prog *buildssa.SSA, starts *goroutine.Result) {
	for _, x := range atonce.Find(r.pass, prog, starts) {
		pos := x.A.Instr.Pos()
		if !pos.IsValid() || r.at[pos] {
			continue
		}
		r.at[pos] = true
		d := analysis.Diagnostic{
			Pos:      pos,
			Category: rule.May("two of what is said to run at once do"),
			Message:  x.Message(func(pos token.Pos) string { return r.place(pos) }),
			Related:  []analysis.RelatedInformation{{Pos: x.At, Message: "why they run at once"}},
		}
		if x.B.Instr != x.A.Instr {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: x.B.Instr.Pos(), Message: "the other use"})
		}
		r.pass.Report(d)
	}
}
