package leak

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// pool reports a send to c, in a loop of any length, if all goroutines that
// receive from c are started to do so again and again, and each can end on an
// error. That one job has failed does not mean that it was the last one, so
// that the next send may find nobody left. Package unserved knows of a single
// receiver, and more of it.
//
// It is silent where something else than an error ends a worker (what was
// received, a choice of a select, a count: these may stand for the end of all
// work), and where the sender may learn of the end of the workers between two sends.
func (r *reporter) pool(c *chanflow.Chan) {
	maker := c.Threads[0]
	if c.ReceivedElsewhere || c.Size < 0 || c.At != ssa.Instruction(c.Make) || program(maker.Fn) {
		return
	}
	receivers := map[*chanflow.Thread][]chanflow.Op{}
	several := false
	for _, o := range c.Of(chanflow.Recv) {
		if o.Thread.Parent != maker || len(o.Calls) > 0 || o.Deferred() {
			return
		}
		receivers[o.Thread] = append(receivers[o.Thread], o)
		several = several || len(receivers) > 1 || unserved.StartedOften(c, o.Thread)
	}
	if !several {
		return
	}
	var ends *ssa.Return
	for _, o := range c.Of(chanflow.Recv) {
		ret := endsOnError(o, receivers[o.Thread])
		if ret == nil {
			return
		}
		ends = ret
	}
	for _, o := range c.Of(chanflow.Send) {
		if receivers[o.Thread] != nil || !o.Bare() || o.Deferred() || len(o.Calls) > 0 || !unserved.Unbounded(o.Instr) || learns(o.Instr) {
			continue
		}
		room := "has no buffer"
		if c.Size > 0 {
			room = fmt.Sprintf("has room for %d", c.Size)
		}
		r.report(analysis.Diagnostic{
			Pos: o.Pos(),
			Message: fmt.Sprintf("this send can wait for good: `%s` %s, and all goroutines that receive from it can end at %s, on an error, before they have received what is sent",
				c.Name, room, lockset.Position(r.pass, position(ends))),
			Related: []analysis.RelatedInformation{{Pos: position(ends), Message: "ends here"}},
		})
		return
	}
}

// endsOnError returns a return to which the loop around the receive o leads on
// an error and past all of recvs, or nil.
func endsOnError(o chanflow.Op, recvs []chanflow.Op) *ssa.Return {
	at := map[*ssa.BasicBlock]bool{}
	for _, other := range recvs {
		at[other.Instr.Block()] = true
	}
	for _, l := range unserved.LoopsAround(o.Instr) {
		for b := range l {
			cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			for i, next := range b.Succs {
				if l[next] || at[next] || !failed(cond.Cond, i == 0, l) {
					continue
				}
				if ret, ok := reaching(next, at).(*ssa.Return); ok {
					return ret
				}
			}
		}
	}
	return nil
}

// failed reports whether cond, having come out as outcome, says that a call in
// the loop l has returned an error.
func failed(cond ssa.Value, outcome bool, l map[*ssa.BasicBlock]bool) bool {
	test, ok := cond.(*ssa.BinOp)
	if !ok || !types.Identical(test.X.Type(), types.Universe.Lookup("error").Type()) {
		return false
	}
	if c, ok := test.Y.(*ssa.Const); !ok || !c.IsNil() || outcome != (test.Op.String() == "!=") {
		return false
	}
	v := test.X
	if load, ok := v.(*ssa.UnOp); ok {
		// The variable is captured. What it gets in this round is tested.
		for _, instr := range load.Block().Instrs {
			if st, ok := instr.(*ssa.Store); ok && st.Addr == load.X {
				v = st.Val
			}
			if instr == ssa.Instruction(load) {
				break
			}
		}
	}
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	return ok && l[call.Block()]
}

// learns reports whether a loop around send has anything by which the sender
// can know of what other goroutines have done: a receive that is not the range
// of the loop, a select, a lock, an atomic operation, a context.
func learns(send ssa.Instruction) bool {
	for _, l := range unserved.LoopsAround(send) {
		for b := range l {
			for _, instr := range b.Instrs {
				if tells(instr) {
					return true
				}
			}
		}
	}
	return false
}

func tells(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.Select:
		return true
	case *ssa.UnOp:
		_, channel := x.X.Type().Underlying().(*types.Chan)
		return channel && !(chanflow.Op{Kind: chanflow.Recv, Instr: x, State: -1}).Range()
	case *ssa.Call:
		switch api.CalleeOf(&x.Call).Pkg {
		case "sync", "sync/atomic", "context":
			return true
		}
	}
	return false
}
