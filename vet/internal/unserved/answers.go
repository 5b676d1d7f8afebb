package unserved

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
)

// answered reports whether each send to w.c answers a request that the receiver
// has sent and stays for: then whoever sends is received from, however else the
// receiver can end.
//
// It takes one other channel, the request's, on which only the receiver sends.
// Each sender has one send to w.c, and receives a request on every way to it,
// from its beginning and from the send before. After each request the receiver
// comes to a receive from w.c before it ends or sends another request. So there
// are never more answers sent than receives that the receiver cannot leave out.
func (w *walk) answered(senders []*chanflow.Thread) bool {
	return slices.ContainsFunc(w.others(), func(u *chanflow.Chan) bool {
		return w.stays(u) && !slices.ContainsFunc(senders, func(s *chanflow.Thread) bool { return !answers(u, w.c, s) })
	})
}

// stays reports whether w.t alone sends to u, and receives from w.c after each
// such send before it does anything else with u or ends.
func (w *walk) stays(u *chanflow.Chan) bool {
	receives := map[*ssa.BasicBlock]int{} // where each block first does
	for _, o := range w.c.Of(chanflow.Recv) {
		if o.Thread == w.t && len(o.Calls) == 0 && o.Bare() && !o.Range() {
			i := slices.Index(o.Instr.Block().Instrs, o.Instr)
			if first, ok := receives[o.Instr.Block()]; !ok || i < first {
				receives[o.Instr.Block()] = i
			}
		}
	}
	sends := u.Of(chanflow.Send)
	for _, o := range sends {
		if o.Thread.Start != w.t.Start || len(o.Calls) > 0 || !o.Bare() || leavesBefore(o.Instr, receives) {
			return false
		}
	}
	return len(sends) > 0 && len(u.Of(chanflow.Close)) == 0
}

// leavesBefore reports whether there is a way on from send, past all receives,
// to an end of the function or to send again.
func leavesBefore(send ssa.Instruction, receives map[*ssa.BasicBlock]int) bool {
	from := send.Block()
	if at, ok := receives[from]; ok && at > slices.Index(from.Instrs, send) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if len(b.Succs) == 0 {
			return true
		}
		for _, next := range b.Succs {
			if next == from && !receivesBefore(receives, from, send) {
				return true
			}
			if _, ok := receives[next]; !ok && !seen[next] {
				seen[next] = true
				work = append(work, next)
			}
		}
	}
	return false
}

func receivesBefore(receives map[*ssa.BasicBlock]int, b *ssa.BasicBlock, instr ssa.Instruction) bool {
	at, ok := receives[b]
	return ok && at < slices.Index(b.Instrs, instr)
}

// answers reports whether s has one send to c, and a receive from u on every way to it.
func answers(u, c *chanflow.Chan, s *chanflow.Thread) bool {
	var send *chanflow.Op
	for _, o := range c.Of(chanflow.Send) {
		if o.Thread != s {
			continue
		}
		if send != nil || len(o.Calls) > 0 {
			return false
		}
		send = &o
	}
	if send == nil {
		return false
	}
	return slices.ContainsFunc(u.Of(chanflow.Recv), func(o chanflow.Op) bool {
		if o.Thread.Start != s.Start || len(o.Calls) > 0 {
			return false
		}
		b := received(o)
		if b == nil || !b.Dominates(send.Instr.Block()) || b == send.Instr.Block() && o.State < 0 && !Reaches(o.Instr, send.Instr) {
			return false
		}
		// Within a loop around the send that does not receive, one request
		// would have any number of answers.
		return !slices.ContainsFunc(LoopsAround(send.Instr), func(l map[*ssa.BasicBlock]bool) bool { return !l[b] })
	})
}

// received is the block that runs only when o has received, or nil: of a select,
// the one that its case leads to.
func received(o chanflow.Op) *ssa.BasicBlock {
	sel, ok := o.Instr.(*ssa.Select)
	if !ok {
		return o.Instr.Block()
	}
	if len(sel.States) == 1 && sel.Blocking {
		return sel.Block()
	}
	for _, ref := range *sel.Referrers() {
		index, ok := ref.(*ssa.Extract)
		if !ok || index.Index != 0 {
			continue
		}
		for _, ref := range *index.Referrers() {
			test, ok := ref.(*ssa.BinOp)
			if !ok || test.Op != token.EQL {
				continue
			}
			which, ok := test.Y.(*ssa.Const)
			if !ok || which.Value == nil || !constant.Compare(which.Value, token.EQL, constant.MakeInt64(int64(o.State))) {
				continue
			}
			if branch, ok := test.Block().Instrs[len(test.Block().Instrs)-1].(*ssa.If); ok && branch.Cond == test {
				if b := test.Block().Succs[0]; len(b.Preds) == 1 {
					return b
				}
			}
		}
	}
	return nil
}
