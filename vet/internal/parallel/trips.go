package parallel

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// many stands for a number of times that is not known, two or more.
const many = 1 << 40

// trips is how often the body of l runs in f each time l is entered, or many.
func (t *Tree) trips(f *Frame, l *loop) int64 {
	for index := range l.blocks {
		b := f.Fn.Blocks[index]
		cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		in0, in1 := l.blocks[b.Succs[0].Index], l.blocks[b.Succs[1].Index]
		if in0 == in1 || !in0 {
			continue
		}
		if n, ok := f.counted(cond, l); ok {
			return n
		}
	}
	return many
}

// counted understands "i < n" with i counting up by one from a constant.
func (f *Frame) counted(cond *ssa.If, l *loop) (int64, bool) {
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.LSS && cmp.Op != token.LEQ {
		return 0, false
	}
	limit, ok := f.int(cmp.Y)
	if !ok {
		return 0, false
	}
	if cmp.Op == token.LEQ {
		limit++
	}
	start, stepped, ok := f.counter(cmp.X, l)
	if !ok {
		return 0, false
	}
	if stepped && (cond.Block() != l.header || len(l.blocks) == 1) {
		// "for range n": the test stands at the end, after the first round.
		return max(limit-start, 1), true
	}
	if stepped {
		start++
	}
	return max(limit-start, 0), true
}

// counter understands a variable that l counts up by one: its value before
// the loop, and whether v is that variable already stepped.
func (f *Frame) counter(v ssa.Value, l *loop) (start int64, stepped, ok bool) {
	if load, isLoad := v.(*ssa.UnOp); isLoad {
		first, isVar := loopVariable(load.X, l)
		if !isVar {
			return 0, false, false
		}
		start, ok = f.int(first)
		return start, false, ok
	}
	if add, isAdd := v.(*ssa.BinOp); isAdd && add.Op == token.ADD {
		if one, ok := f.int(add.Y); !ok || one != 1 {
			return 0, false, false
		}
		v, stepped = add.X, true
	}
	phi, isPhi := v.(*ssa.Phi)
	if !isPhi || phi.Block() != l.header {
		return 0, false, false
	}
	found := false
	for i, e := range phi.Edges {
		if l.blocks[phi.Block().Preds[i].Index] {
			add, isAdd := e.(*ssa.BinOp)
			if !isAdd || add.Op != token.ADD || add.X != ssa.Value(phi) {
				return 0, false, false
			}
			if one, ok := f.int(add.Y); !ok || one != 1 {
				return 0, false, false
			}
			continue
		}
		n, ok := f.int(e)
		if !ok || found && n != start {
			return 0, false, false
		}
		start, found = n, true
	}
	return start, stepped, found
}

// loopVariable understands the address of the variable of "for i := a; ...; i++"
// that closures capture, so that each iteration has one of its own. It returns
// what the first one starts with.
func loopVariable(addr ssa.Value, l *loop) (first ssa.Value, ok bool) {
	phi, isPhi := addr.(*ssa.Phi)
	if !isPhi || phi.Block() != l.header {
		return nil, false
	}
	for i, e := range phi.Edges {
		cell, isAlloc := e.(*ssa.Alloc)
		if !isAlloc {
			return nil, false
		}
		inside := l.blocks[phi.Block().Preds[i].Index]
		stepped := false
		for _, ref := range *cell.Referrers() {
			s, isStore := ref.(*ssa.Store)
			if !isStore || s.Addr != e {
				continue
			}
			switch val := s.Val.(type) {
			case *ssa.BinOp:
				one, isConst := val.Y.(*ssa.Const)
				stepped = val.Op == token.ADD && isConst && one.Int64() == 1
				if !inside {
					return nil, false
				}
			case *ssa.UnOp:
				if inside && val.X == addr {
					continue
				}
				first = val
			default:
				if inside {
					return nil, false
				}
				first = val
			}
		}
		if inside && !stepped {
			return nil, false
		}
	}
	return first, first != nil
}

func times(a, b int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	if a >= many || b >= many || a > many/b {
		return many
	}
	return a * b
}

// repeats is how often p happens, at most, for one run of its thread and one
// object obj. A nil obj stands for one that is made once.
func (t *Tree) repeats(p Point, obj *Object) int64 {
	origin, made := obj.origin()
	n := int64(1)
	instr := p.Instr
	for f := p.Frame; f != nil; f = f.Parent {
		var maker ssa.Instruction
		if made {
			maker, _ = within(f, origin)
		}
		for _, l := range t.loopsAround(f, instr) {
			if maker == nil || !l.blocks[maker.Block().Index] {
				n = times(n, t.trips(f, l))
			}
		}
		if maker != nil || f.Parent == nil {
			break // the callers' loops make another object each time
		}
		instr = f.Site
	}
	return n
}

// instances is how many goroutines of th there are, at most, for one object.
func (t *Tree) instances(th *Thread, obj *Object) int64 {
	n := int64(1)
	for ; th.Parent != nil; th = th.Parent {
		if obj != nil && obj.Frame != nil && obj.Frame.Thread == th {
			break
		}
		n = times(n, t.repeats(th.Site, obj))
		if th.Start.Many() {
			n = many
		}
	}
	return n
}
