package parallel

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// loopTotals notes, on the ways out of each loop, how many values the loop
// has received or sent.
func (t *Tree) loopTotals() {
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
