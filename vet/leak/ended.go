package leak

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// ended reports a send to a channel in a field whose one receiver is a select
// that can choose to end instead: whoever comes with a send after that waits
// for good.
//
// What may keep such a send from coming makes it silent: the sender is in a
// select, holds a lock, has received or looked at something that others change,
// here or at all calls of an unexported function; it made the object itself; or
// who stops the receiver has waited for others first. That the receiver is
// started again is not looked at, nor what users of the package agree upon.
func (r *reporter) ended(f *chanflow.Field, locks *lockset.Result) {
	if len(f.Made) == 0 || f.Others || f.ReceivedElsewhere || f.Size != 0 {
		return
	}
	end, by := ends(f)
	if end == nil || r.waitsFirst(by) {
		return
	}
	s := newSenders(locks, end.Parent(), fieldOf(by.Chan) == nil)
	for _, o := range f.Of(chanflow.Send) {
		if !o.Bare() || !s.free(o.Instr, maxCallers) || ownObject(o) {
			continue
		}
		r.report(analysis.Diagnostic{
			Pos: o.Pos(),
			Message: fmt.Sprintf("this send can wait for good: the field %s has no buffer, and %s, which alone receives from it, can end at %s by the choice at %s",
				f.Name, funcName(end.Parent()), lockset.Position(r.pass, position(end)), lockset.Position(r.pass, by.Pos)),
			Related: []analysis.RelatedInformation{{Pos: by.Pos, Message: "by this choice"}, {Pos: position(end), Message: "ends here"}},
		})
		return
	}
}

// ends returns a return that f's one receiver comes to when its select, which
// receives from f, chooses to receive from another channel; and that choice.
func ends(f *chanflow.Field) (ssa.Instruction, *ssa.SelectState) {
	recvs := f.Of(chanflow.Recv)
	if len(recvs) == 0 {
		return nil, nil
	}
	sel, ok := recvs[0].Instr.(*ssa.Select)
	if !ok || len(recvs) > 1 || !sel.Blocking || !unserved.InLoop(sel, nil) {
		return nil, nil
	}
	for i, s := range sel.States {
		if i == recvs[0].State || s.Dir != types.RecvOnly {
			continue
		}
		from := chosen(sel, i)
		if from == nil {
			continue
		}
		for _, b := range sel.Parent().Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && from.Dominates(b) {
				return ret, s
			}
		}
	}
	return nil, nil
}

// chosen is the block that runs only if sel has chosen the case i, or nil.
func chosen(sel *ssa.Select, i int) *ssa.BasicBlock {
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
			if !ok || which.Int64() != int64(i) {
				continue
			}
			if cond, ok := test.Block().Instrs[len(test.Block().Instrs)-1].(*ssa.If); ok && cond.Cond == ssa.Value(test) && len(test.Block().Succs[0].Preds) == 1 {
				return test.Block().Succs[0]
			}
		}
	}
	return nil
}

// waitsFirst reports whether somebody who ends the receiver by s, a receive from
// a field, has waited for other goroutines by then. Who ends a context or a timer
// is not known.
func (r *reporter) waitsFirst(s *ssa.SelectState) bool {
	stop := fieldOf(s.Chan)
	if stop == nil {
		return false
	}
	for _, fn := range r.prog.SrcFuncs {
		var joins []ssa.Instruction
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && goroutine.IsJoin(call.Common()) {
					joins = append(joins, instr)
				}
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if !stops(instr, stop) {
					continue
				}
				for _, j := range joins {
					if _, later := instr.(*ssa.Defer); later || unserved.Reaches(j, instr) {
						return true
					}
				}
			}
		}
	}
	return false
}

// stops reports whether instr closes the channel in the field stop or sends to it.
func stops(instr ssa.Instruction, stop *types.Var) bool {
	switch x := instr.(type) {
	case *ssa.Send:
		return fieldOf(x.Chan) == stop
	case *ssa.Select:
		for _, s := range x.States {
			if s.Dir == types.SendOnly && fieldOf(s.Chan) == stop {
				return true
			}
		}
	case ssa.CallInstruction:
		b, ok := x.Common().Value.(*ssa.Builtin)
		return ok && b.Name() == "close" && fieldOf(x.Common().Args[0]) == stop
	}
	return false
}

// fieldOf is the field that ch is loaded from, or nil.
func fieldOf(ch ssa.Value) *types.Var {
	if t, ok := ch.(*ssa.ChangeType); ok {
		ch = t.X
	}
	load, ok := ch.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	return addr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(addr.Field).Origin()
}

// ownObject reports whether o is done to the channel of an object that its
// function has made.
func ownObject(o chanflow.Op) bool {
	send, ok := o.Instr.(*ssa.Send)
	if !ok {
		return false
	}
	ch := send.Chan
	if t, ok := ch.(*ssa.ChangeType); ok {
		ch = t.X
	}
	if _, made := ch.(*ssa.MakeChan); made {
		return true
	}
	_, made := lockset.Resolve(ch).Root.(*ssa.Alloc)
	return made
}
