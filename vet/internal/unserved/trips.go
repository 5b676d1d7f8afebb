package unserved

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
)

// A channel without a buffer has no room for a loop's sends, however often the
// loop goes round. One that has a buffer may have been given room for them
// all: then only loops count that go round a constant number of times.

// rounds is how often instr happens, for a channel c that is made at made:
// once for each round of the loops around it, or 0 if that is not known.
func rounds(c *chanflow.Chan, instr ssa.Instruction) int {
	if !InLoop(instr, c.At) {
		return 1
	}
	if c.Size == 0 {
		return many
	}
	n := 1
	for _, l := range LoopsAround(instr) {
		if instr.Parent() == c.At.Parent() && l[c.At.Block()] {
			continue
		}
		n = min(n*trips(l), many)
	}
	return n
}

// Unbounded reports whether instr is in a loop of which it is not known how
// often it goes round.
func Unbounded(instr ssa.Instruction) bool {
	for _, l := range LoopsAround(instr) {
		if trips(l) == 0 {
			return true
		}
	}
	return false
}

// Trips is how often the loop l goes round, or 0 if that is not known.
func Trips(l map[*ssa.BasicBlock]bool) int { return trips(l) }

// trips is how often the loop l goes round if it counts up by one from one
// constant to another, and otherwise 0.
func trips(l map[*ssa.BasicBlock]bool) int {
	for b := range l {
		cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || l[b.Succs[0]] == l[b.Succs[1]] {
			continue
		}
		cmp, ok := cond.Cond.(*ssa.BinOp)
		if !ok || cmp.Op != token.LSS && cmp.Op != token.LEQ {
			continue
		}
		last, known := number(cmp.Y)
		first, counted := counter(cmp.X)
		if !known || !counted {
			continue
		}
		n := last - first
		if cmp.Op == token.LEQ {
			n++
		}
		if n >= 0 && n < many {
			return int(n)
		}
		return many
	}
	return 0
}

// counter returns the first value of what v counts, if v is a loop's counter
// or one more than that.
func counter(v ssa.Value) (first int64, ok bool) {
	plus := int64(0)
	if sum, isSum := v.(*ssa.BinOp); isSum && sum.Op == token.ADD {
		if one, known := number(sum.Y); !known || one != 1 {
			return 0, false
		}
		v, plus = sum.X, 1
	}
	phi, isPhi := v.(*ssa.Phi)
	if !isPhi || len(phi.Edges) != 2 {
		return 0, false
	}
	for i, e := range phi.Edges {
		start, known := number(e)
		next, isSum := phi.Edges[1-i].(*ssa.BinOp)
		if !known || !isSum || next.Op != token.ADD || next.X != ssa.Value(phi) {
			continue
		}
		if one, known := number(next.Y); known && one == 1 {
			return start + plus, true
		}
	}
	return 0, false
}

func number(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(c.Value)
}
