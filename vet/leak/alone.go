package leak

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// alone reports operations on c that have no other side at all, and a send by
// the goroutine that made c while no other knows of it.
func (r *reporter) alone(c *chanflow.Chan) {
	sends, recvs, closes := c.Of(chanflow.Send), c.Of(chanflow.Recv), c.Of(chanflow.Close)
	if !c.SentElsewhere && len(sends) == 0 && len(closes) == 0 {
		for _, o := range recvs {
			if o.Bare() && handedOn(c) {
				r.report(analysis.Diagnostic{
					Pos:     o.Pos(),
					Message: fmt.Sprintf("this receive waits for good: nobody sends to `%s` or closes it", c.Name),
					Related: []analysis.RelatedInformation{{Pos: c.Make.Pos(), Message: "made here"}},
				})
			}
		}
	}
	if c.Size != 0 || c.At != ssa.Instruction(c.Make) {
		return
	}
	for _, o := range sends {
		if o.Bare() && o.Thread == c.Threads[0] && len(o.Calls) == 0 && !knownBefore(c, o.Instr) {
			r.report(analysis.Diagnostic{
				Pos:            o.Pos(),
				Message:        fmt.Sprintf("this send waits for good: `%s` has no buffer, and no other goroutine knows of it yet", c.Name),
				Related:        []analysis.RelatedInformation{{Pos: c.Make.Pos(), Message: "made here"}},
				SuggestedFixes: nil,
			})
		}
	}
}

// handedOn reports whether c is given to another function or goroutine: a
// receive from a channel that its own function alone knows is a way to wait
// forever on purpose.
func handedOn(c *chanflow.Chan) bool {
	if len(c.Threads) > 1 || c.ReceivedElsewhere {
		return true
	}
	return given(c.Make)
}

func given(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case ssa.CallInstruction:
			if b, ok := x.Common().Value.(*ssa.Builtin); !ok || b.Name() == "close" {
				return true
			}
		case *ssa.ChangeType:
			if given(x) {
				return true
			}
		case *ssa.Store:
			if cell, ok := x.Addr.(*ssa.Alloc); ok {
				for _, use := range *cell.Referrers() {
					if load, ok := use.(*ssa.UnOp); ok && given(load) {
						return true
					}
				}
			}
		}
	}
	return false
}

// knownBefore reports whether another goroutine, or code that is not followed,
// may know of c when instr happens: c, or the variable that holds it, has been
// given to a call, captured or stored by then.
func knownBefore(c *chanflow.Chan, instr ssa.Instruction) bool {
	var known func(v ssa.Value) bool
	known = func(v ssa.Value) bool {
		for _, ref := range *v.Referrers() {
			switch x := ref.(type) {
			case *ssa.DebugRef, *ssa.BinOp, *ssa.Return, *ssa.Select:
				continue
			case *ssa.UnOp:
				if _, variable := v.(*ssa.Alloc); variable && known(x) {
					return true
				}
				continue
			case *ssa.ChangeType:
				if known(x) {
					return true
				}
				continue
			case *ssa.Send:
				if x.Chan == v && x.X != v {
					continue
				}
			case *ssa.Store:
				if x.Addr == v {
					continue
				}
				if cell, ok := x.Addr.(*ssa.Alloc); ok {
					if known(cell) {
						return true
					}
					continue
				}
			}
			if unserved.Reaches(ref, instr) {
				return true
			}
		}
		return false
	}
	return known(c.Make)
}
