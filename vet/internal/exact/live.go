package exact

import "golang.org/x/tools/go/ssa"

// A funcInfo is what there is to know about a function, whatever it is
// called with.
type funcInfo struct {
	id     int
	fn     *ssa.Function
	reg    map[ssa.Value]int
	liveIn []map[int]bool // at the beginning of each block
	at     map[livePoint][]int
}

type livePoint struct {
	block *ssa.BasicBlock
	pc    int
}

// info is the funcInfo of fn, made the first time.
func (m *search) info(fn *ssa.Function) *funcInfo {
	if f := m.funcs[fn]; f != nil {
		return f
	}
	f := &funcInfo{id: len(m.funcs), fn: fn, reg: map[ssa.Value]int{}, at: map[livePoint][]int{}}
	m.funcs[fn] = f
	add := func(v ssa.Value) { f.reg[v] = len(f.reg) }
	for _, p := range fn.Params {
		add(p)
	}
	for _, v := range fn.FreeVars {
		add(v)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if v, ok := instr.(ssa.Value); ok {
				add(v)
			}
		}
	}
	f.solve()
	return f
}

// solve finds the registers that are read later, by block.
func (f *funcInfo) solve() {
	f.liveIn = make([]map[int]bool, len(f.fn.Blocks))
	for changed := true; changed; {
		changed = false
		for i := len(f.fn.Blocks) - 1; i >= 0; i-- {
			in := f.backTo(f.fn.Blocks[i], 0)
			if len(in) != len(f.liveIn[i]) {
				f.liveIn[i] = in
				changed = true
			}
		}
	}
}

// backTo is what is live before instruction pc of b.
func (f *funcInfo) backTo(b *ssa.BasicBlock, pc int) map[int]bool {
	live := map[int]bool{}
	for _, s := range b.Succs {
		for r := range f.liveIn[s.Index] {
			live[r] = true
		}
		for i, p := range s.Preds {
			if p != b {
				continue
			}
			for _, instr := range s.Instrs {
				phi, ok := instr.(*ssa.Phi)
				if !ok {
					break
				}
				if r, isReg := f.reg[phi.Edges[i]]; isReg {
					live[r] = true
				}
			}
		}
	}
	var operands [12]*ssa.Value
	for i := len(b.Instrs) - 1; i >= pc; i-- {
		instr := b.Instrs[i]
		if v, ok := instr.(ssa.Value); ok {
			delete(live, f.reg[v])
		}
		if _, isPhi := instr.(*ssa.Phi); isPhi {
			continue
		}
		for _, op := range instr.Operands(operands[:0]) {
			if r, isReg := f.reg[*op]; isReg && *op != nil {
				live[r] = true
			}
		}
	}
	// Results with a name are read when a panic has been recovered from.
	return live
}

// live are the registers that are read at instruction pc of b or later.
func (f *funcInfo) live(b *ssa.BasicBlock, pc int) []int {
	p := livePoint{b, pc}
	list, ok := f.at[p]
	if !ok {
		set := f.backTo(b, pc)
		for r := range len(f.reg) {
			if set[r] {
				list = append(list, r)
			}
		}
		f.at[p] = list
	}
	return list
}
