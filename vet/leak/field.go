package leak

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
)

// fields reports operations on channels in fields that have no other side.
func (r *reporter) fields(fields []*chanflow.Field) {
	for _, f := range fields {
		if len(f.Made) == 0 || f.Others {
			continue
		}
		sends, recvs, closes := f.Of(chanflow.Send), f.Of(chanflow.Recv), f.Of(chanflow.Close)
		made := []analysis.RelatedInformation{{Pos: f.Made[0].Pos(), Message: "made here"}}
		if !f.SentElsewhere && len(sends) == 0 && len(closes) == 0 {
			for _, o := range recvs {
				if o.Bare() {
					r.report(analysis.Diagnostic{
						Pos:     o.Pos(),
						Message: fmt.Sprintf("this receive waits for good: nothing in the package sends to the field %s or closes it", f.Name),
						Related: made,
					})
				}
			}
		}
		if !f.ReceivedElsewhere && len(recvs) == 0 && f.Size == 0 {
			for _, o := range sends {
				if o.Bare() {
					r.report(analysis.Diagnostic{
						Pos:     o.Pos(),
						Message: fmt.Sprintf("this send waits for good: the field %s has no buffer, and nothing in the package receives from it", f.Name),
						Related: made,
					})
				}
			}
		}
	}
}
