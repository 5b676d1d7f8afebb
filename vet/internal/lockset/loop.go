package lockset

import "golang.org/x/tools/go/ssa"

// A loop is a natural loop that releases locks.
type loop struct {
	blocks   map[*ssa.BasicBlock]bool
	released map[string]bool // classes
}

// loopsOf returns the loops of fn.
func loopsOf(fn *ssa.Function) []loop {
	var loops []loop
	for _, b := range fn.Blocks {
		for _, header := range b.Succs {
			if !header.Dominates(b) {
				continue
			}
			l := loop{map[*ssa.BasicBlock]bool{header: true}, map[string]bool{}}
			for work := []*ssa.BasicBlock{b}; len(work) > 0; {
				n := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.blocks[n] {
					l.blocks[n] = true
					work = append(work, n.Preds...)
				}
			}
			for n := range l.blocks {
				for _, instr := range n.Instrs {
					if call, ok := instr.(*ssa.Call); ok {
						if op := OpOf(&call.Call); op.Kind == Release && op.Lock != nil {
							l.released[Resolve(op.Lock).Class] = true
						}
					}
				}
			}
			loops = append(loops, l)
		}
	}
	return loops
}

// leave follows the way from one block to another, out of a loop that
// releases the locks that another loop has taken: however often either runs.
func (w *walker) leave(loops []loop, from, to *ssa.BasicBlock, s state) state {
	for _, l := range loops {
		if len(l.released) == 0 || !l.blocks[from] || l.blocks[to] {
			continue
		}
		for i, h := range s.locks {
			if h.Status != Held || h.Lock.Class == "" || !l.released[h.Lock.Class] || l.blocks[h.At.Block()] || !inLoop(loops, h.At.Block()) {
				continue
			}
			s = s.clone()
			w.out.Doubtful[h.At] = true
			s.locks[i].Status = Unknown
		}
	}
	return s
}

func inLoop(loops []loop, b *ssa.BasicBlock) bool {
	for _, l := range loops {
		if l.blocks[b] {
			return true
		}
	}
	return false
}
