package parallel

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// branch finds what is known on the ways out of block b: which case a select
// took, whether a receive got a value or the close.
func (t *Tree) branch(f *Frame, b *ssa.BasicBlock) {
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return
	}
	addTo := func(side int, o *op) {
		o.edge = true
		t.ops = append(t.ops, o)
		key := [2]int{b.Index, b.Succs[side].Index}
		f.edgeOps[key] = append(f.edgeOps[key], o)
	}
	if sel, i := selectCase(cond); sel != nil && i < len(sel.States) && t.onlyCase(f, sel) < 0 {
		s := sel.States[i]
		o := &op{Point: Point{f, sel}, kind: opRecv, thread: f.Thread}
		if s.Dir == types.SendOnly {
			o.kind = opSend
		} else if silentChannel(s.Chan) {
			return
		}
		o.on, o.vague = t.target(f, s.Chan)
		addTo(0, o)
		return
	}
	if l := t.tried(f, cond.Cond); l != nil {
		if f.edgeLocks == nil {
			f.edgeLocks = map[[2]int]*lockEvent{}
		}
		f.edgeLocks[[2]int{b.Index, b.Succs[0].Index}] = l
		return
	}
	if call, ok := cond.Cond.(*ssa.Call); ok && api.CalleeOf(&call.Call) == stopTimer {
		if joins := t.startedAs(f, call.Call.Args[0]); len(joins) > 0 {
			addTo(0, &op{Point: Point{f, call}, kind: opJoin, thread: f.Thread, joins: joins})
		}
		return
	}
	extract, ok := cond.Cond.(*ssa.Extract)
	if !ok || extract.Index != 1 {
		return
	}
	if recv, ok := extract.Tuple.(*ssa.UnOp); ok && recv.Op == token.ARROW {
		for side, got := range []int8{1, 2} {
			o := &op{Point: Point{f, recv}, kind: opRecv, thread: f.Thread, got: got}
			o.on, o.vague = t.target(f, recv.X)
			addTo(side, o)
		}
	}
}

// selectCase understands "if the select took case i".
func selectCase(cond *ssa.If) (*ssa.Select, int) {
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL {
		return nil, 0
	}
	extract, ok := cmp.X.(*ssa.Extract)
	if !ok || extract.Index != 0 {
		return nil, 0
	}
	sel, ok := extract.Tuple.(*ssa.Select)
	if !ok {
		return nil, 0
	}
	c, ok := cmp.Y.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return nil, 0
	}
	return sel, int(c.Int64())
}
