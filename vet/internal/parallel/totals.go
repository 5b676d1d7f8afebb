package parallel

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// loopTotals notes, on the ways out of each loop, how many values the loop
// has received or sent.
func (t *Tree) loopTotals() {
	for _, f := range t.Frames {
		t.caseTotals(f)
	}
	for _, o := range t.ops {
		recv, _ := o.Instr.(*ssa.UnOp)
		if o.kind != opRecv && o.kind != opSend || o.edge || recv != nil && recv.CommaOk {
			continue
		}
		n := int64(1)
		instr := o.Instr
		for f := o.Frame; f != nil; f = f.Parent {
			for _, l := range innermostFirst(t.loopsAround(f, instr)) {
				n = times(n, t.trips(f, l))
				t.addTotal(f, l, o, n)
			}
			if f.Parent != nil {
				instr = f.Site
			}
		}
	}
}

func (t *Tree) addTotal(f *Frame, l *loop, o *op, n int64) {
	for index := range l.blocks {
		for _, s := range f.succs[index] {
			if l.blocks[s] {
				continue
			}
			total := *o
			total.inLoop, total.total = o, n
			key := [2]int{index, s}
			t.ops = append(t.ops, &total)
			f.edgeOps[key] = append(f.edgeOps[key], &total)
		}
	}
}

func innermostFirst(loops []*loop) []*loop {
	slices.SortFunc(loops, func(a, b *loop) int { return len(a.blocks) - len(b.blocks) })
	return loops
}

// caseTotals is loopTotals for the cases of selects in f. A round may take
// another case, so that only loops count in which no round comes to its end
// without this one, as where the others return; and of their ways out only the
// one by the counter.
func (t *Tree) caseTotals(f *Frame) {
	type total struct {
		key [2]int
		op  *op
	}
	var totals []total
	for key, ops := range f.edgeOps {
		for _, o := range ops {
			if o.kind != opRecv && o.kind != opSend || o.got != 0 || o.inLoop != nil {
				continue
			}
			loops := innermostFirst(t.loopsAround(f, o.Instr))
			if len(loops) == 0 {
				continue
			}
			if out, n, ok := f.counterExit(loops[0]); ok && f.eachRound(loops[0], key, out[0]) {
				done := *o
				done.inLoop, done.total = o, n
				totals = append(totals, total{out, &done})
			}
		}
	}
	for _, x := range totals {
		t.ops = append(t.ops, x.op)
		f.edgeOps[x.key] = append(f.edgeOps[x.key], x.op)
	}
}

// counterExit is the way out of l by its counter, with the number of rounds.
func (f *Frame) counterExit(l *loop) (edge [2]int, n int64, ok bool) {
	for index := range l.blocks {
		b := f.Fn.Blocks[index]
		cond, isIf := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !isIf || !l.blocks[b.Succs[0].Index] || l.blocks[b.Succs[1].Index] {
			continue
		}
		if n, ok := f.counted(cond, l); ok {
			return [2]int{index, b.Succs[1].Index}, n, true
		}
	}
	return edge, 0, false
}

// eachRound reports whether every round of l goes along edge: those after which
// l begins another one, and, if out is not the header, those that come to out.
func (f *Frame) eachRound(l *loop, edge [2]int, out int) bool {
	header := l.header.Index
	seen := map[int]bool{}
	work := []int{header}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		if b == out && out != header {
			return false
		}
		for _, s := range f.succs[b] {
			if l.blocks[s] && [2]int{b, s} != edge {
				if s == header {
					return false
				}
				work = append(work, s)
			}
		}
	}
	return true
}
