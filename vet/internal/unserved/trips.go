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
		n = min(n*Trips(l), many)
	}
	return n
}

// Unbounded reports whether instr is in a loop of which it is not known how
// often it goes round.
func Unbounded(instr ssa.Instruction) bool {
	for _, l := range LoopsAround(instr) {
		if Trips(l) == 0 {
			return true
		}
	}
	return false
}

// Ranges reports whether the loop l ends only when there is nothing more to range over,
// or when its counter, which begins with a constant, has come to its end: nothing
// that happens in a round ends it.
func Ranges(l map[*ssa.BasicBlock]bool) bool {
	exits := 0
	for b := range l {
		for _, next := range b.Succs {
			if l[next] {
				continue
			}
			cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if exits++; !ok || exits > 1 || !ranges(cond.Cond) {
				return false
			}
		}
	}
	return exits == 1
}

func ranges(cond ssa.Value) bool {
	switch x := cond.(type) {
	case *ssa.BinOp:
		_, counter := counter(x.X)
		return counter != nil && (x.Op == token.LSS || x.Op == token.LEQ)
	case *ssa.Extract:
		switch from := x.Tuple.(type) {
		case *ssa.Next:
			return true
		case *ssa.UnOp:
			return from.Op == token.ARROW
		}
	}
	return false
}

// Trips is how often the loop l goes round if it counts up by one from one
// constant to another, and otherwise 0.
func Trips(l map[*ssa.BasicBlock]bool) int {
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
		first, phi := counter(cmp.X)
		if !known || phi == nil {
			continue
		}
		n := last - first
		if cmp.X != ssa.Value(phi) && b.Succs[0] == phi.Block() {
			n++ // it is asked at the end of a round, as for "range 3"
		}
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

// counter returns the counter of a loop that v is, or is one more than, and the first
// value of v. It returns no counter if v is neither.
func counter(v ssa.Value) (first int64, of *ssa.Phi) {
	plus := int64(0)
	if sum, isSum := v.(*ssa.BinOp); isSum && sum.Op == token.ADD {
		if one, known := number(sum.Y); !known || one != 1 {
			return 0, nil
		}
		v, plus = sum.X, 1
	}
	phi, isPhi := v.(*ssa.Phi)
	if !isPhi || len(phi.Edges) != 2 {
		return 0, nil
	}
	for i, e := range phi.Edges {
		start, known := number(e)
		next, isSum := phi.Edges[1-i].(*ssa.BinOp)
		if !known || !isSum || next.Op != token.ADD || next.X != ssa.Value(phi) {
			continue
		}
		if one, known := number(next.Y); known && one == 1 {
			return start + plus, phi
		}
	}
	return 0, nil
}

func number(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(c.Value)
}
