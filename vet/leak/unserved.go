package leak

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// unserved reports sends to c that wait for good because the one goroutine
// that receives can end without. chans are all channels of the function. A
// receiver that closes c is no leak: the sender panics, which is rule channel's.
func (r *reporter) unserved(c *chanflow.Chan, chans []*chanflow.Chan) {
	l := unserved.Find(c, chans)
	if l == nil || l.Closes || !l.Send.Pos().IsValid() {
		return
	}
	if l.Receiver.Parent == nil && l.Waits == nil && program(l.Receiver.Fn) && !dropped(c) {
		return
	}
	at := func(pos token.Pos) string { return lockset.Position(r.pass, pos) }
	room := "has no buffer"
	if c.Size > 0 {
		room = fmt.Sprintf("has room for %d", c.Size)
	}
	d := analysis.Diagnostic{Pos: l.Send.Pos()}
	switch {
	case l.Waits != nil:
		d.Message = fmt.Sprintf("this send waits for good: `%s` %s, and %s receives from it only after it has waited, at %s, for the goroutine that sends",
			c.Name, room, funcName(l.Receiver.Fn), at(l.Exit.Pos()))
		d.Related = []analysis.RelatedInformation{{Pos: l.Exit.Pos(), Message: "waits for the goroutine here"}}
	case dropped(c):
		d.Message = fmt.Sprintf("this send waits for good: `%s` %s, and the caller at %s drops it", c.Name, room, at(c.At.Pos()))
		d.Related = []analysis.RelatedInformation{{Pos: c.At.Pos(), Message: "the channel is dropped here"}}
	default:
		end := position(l.Exit)
		how := fmt.Sprintf("%s can end at %s", funcName(l.Receiver.Fn), at(end))
		if l.Exit == c.At {
			how = fmt.Sprintf("%s can make another one at %s", funcName(l.Receiver.Fn), at(end))
		}
		d.Related = []analysis.RelatedInformation{{Pos: end, Message: "ends here"}}
		if l.Because.IsValid() {
			how += fmt.Sprintf(", by the choice at %s,", at(l.Because))
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: l.Because, Message: "by this choice"})
		}
		d.Message = fmt.Sprintf("this send can wait for good: `%s` %s, and %s before it has received what is sent", c.Name, room, how)
	}
	if c.Size == 0 && l.Total < 10 {
		if d.SuggestedFixes = r.buffer(c.Make, l.Total); d.SuggestedFixes != nil {
			d.Message += fmt.Sprintf("; give it room for %d", l.Total)
		}
	}
	r.report(d)
}

// dropped reports whether c comes from a function whose result nobody looks at.
func dropped(c *chanflow.Chan) bool {
	call, ok := c.At.(*ssa.Call)
	return ok && call.Referrers() != nil && len(*call.Referrers()) == 0
}

func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function that receives"
	}
	return fn.Name()
}
