package unserved

import (
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
)

// many is a number of sends that no counting of receives comes up to.
const many = 1_000

// sends is how many sends to c, which wait for nothing else, the goroutine t
// performs at most, each time it is started. What is not known counts nothing.
func sends(c *chanflow.Chan, t *chanflow.Thread) int {
	at := map[ssa.Instruction]int{}
	for _, o := range c.Of(chanflow.Send) {
		if o.Thread != t || !o.Bare() {
			continue
		}
		n := rounds(c, o.Instr)
		for _, call := range o.Calls {
			n = min(n*rounds(c, call), many)
		}
		at[o.At()] = max(at[o.At()], n)
	}
	if len(at) == 0 {
		return 0
	}
	return most(t.Fn, at)
}

// started is how many goroutines of t may know of c, or 0 if that is not known.
func started(c *chanflow.Chan, t *chanflow.Thread) int {
	n := 1
	for ; t.Parent != nil; t = t.Parent {
		n = min(n*rounds(c, t.Start), many)
		for _, call := range t.Calls {
			n = min(n*rounds(c, call), many)
		}
	}
	return n
}

// StartedOften reports whether more than one goroutine of t can know of c.
func StartedOften(c *chanflow.Chan, t *chanflow.Thread) bool {
	for ; t.Parent != nil; t = t.Parent {
		if InLoop(t.Start, c.At) {
			return true
		}
		for _, call := range t.Calls {
			if InLoop(call, c.At) {
				return true
			}
		}
	}
	return false
}

// most is the largest number that at adds up to on one way through fn. Ways
// around loops add nothing: at has them already.
func most(fn *ssa.Function, at map[ssa.Instruction]int) int {
	memo := map[*ssa.BasicBlock]int{}
	var from func(b *ssa.BasicBlock) int
	from = func(b *ssa.BasicBlock) int {
		if n, ok := memo[b]; ok {
			return n
		}
		memo[b] = 0 // ends the way around a loop
		best := 0
		for _, next := range b.Succs {
			best = max(best, from(next))
		}
		for _, instr := range b.Instrs {
			best += at[instr]
		}
		memo[b] = best
		return best
	}
	return from(fn.Blocks[0])
}

// starter is the instruction of root's own function that brings t about: the
// start of t or of the goroutine that starts it.
func starter(t, root *chanflow.Thread) ssa.Instruction {
	for t.Parent != root {
		if t = t.Parent; t == nil || t.Parent == nil {
			return nil
		}
	}
	return t.At()
}

// Reaches reports whether to can come after from in their function.
func Reaches(from, to ssa.Instruction) bool {
	if from.Block() == to.Block() {
		for _, instr := range from.Block().Instrs {
			if instr == to {
				break
			}
			if instr == from {
				return true
			}
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), from.Block().Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to.Block() {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// InLoop reports whether instr can be reached from itself without passing
// through outside, which may be nil.
func InLoop(instr, outside ssa.Instruction) bool {
	var stop *ssa.BasicBlock
	if outside != nil && outside.Parent() == instr.Parent() {
		stop = outside.Block()
	}
	if instr.Block() == stop {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), instr.Block().Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == instr.Block() {
			return true
		}
		if b != stop && !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}
