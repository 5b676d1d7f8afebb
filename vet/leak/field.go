package leak

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/unserved"
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
		if !f.ReceivedElsewhere && len(recvs) == 0 {
			for _, o := range sends {
				if o.Bare() && f.Size == 0 {
					r.report(analysis.Diagnostic{
						Pos:     o.Pos(),
						Message: fmt.Sprintf("this send waits for good: the field %s has no buffer, and nothing in the package receives from it", f.Name),
						Related: made,
					})
				} else if o.Bare() && r.again(o.Instr) {
					r.report(analysis.Diagnostic{
						Pos:     o.Pos(),
						Message: fmt.Sprintf("this send can wait for good: it is in a loop, and nothing in the package receives from the field %s", f.Name),
						Related: made,
					})
				}
			}
		}
	}
}

// again reports whether a loop around instr, or around a call of its function,
// sends any number of times: no buffer has room for them all. A loop that goes
// round a constant number of times may have been given room.
func (r *reporter) again(instr ssa.Instruction) bool {
	if unserved.Unbounded(instr) {
		return true
	}
	for _, fn := range r.prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, site := range b.Instrs {
				call, ok := site.(*ssa.Call)
				if ok && call.Call.StaticCallee() == instr.Parent() && unserved.Unbounded(call) {
					return true
				}
			}
		}
	}
	return false
}
