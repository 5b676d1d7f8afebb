package parallel

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// index is the step for the element that x means, of a slice that covers part.
func (t *Tree) index(f *Frame, x *ssa.IndexAddr, part string) string {
	if part == "?" {
		return "[?]"
	}
	covered := span{lo: bound{}, hi: end, step: 1}
	if part != "" {
		covered, _ = parseSpan(part)
	}
	if n, ok := f.int(x.Index); ok {
		return one(covered, span{bound{n: int(n)}, bound{n: int(n) + 1}, 1})
	}
	if g, l := t.ownVariable(f, x.Index); l != nil {
		return fmt.Sprintf("[$%d.%d]", g.ID, l.header.Index)
	}
	g, v := f.origin(x.Index)
	if l := t.counterLoop(g, v); l != nil {
		if g.Thread != f.Thread {
			return fmt.Sprintf("[$%d.%d]", g.ID, l.header.Index)
		}
		if g == f && chosen(v, l, x.Block()) {
			return "[?]"
		}
		if start, stepped, ok := g.counter(v, l); ok {
			if stepped {
				start++
			}
			if n := t.trips(g, l); n < 1<<30 {
				return one(covered, span{bound{n: int(start)}, bound{n: int(start + n)}, 1})
			}
		}
		if s, ok := t.counts(g, v, l, f, x); ok {
			if part == "" && s == (span{bound{}, end, 1}) {
				return "[*]"
			}
			return one(covered, s)
		}
		if part == "" && t.isRangeIndex(g, v, l) {
			return "[*]"
		}
		return "[?]"
	}
	if part != "" {
		return "[?]"
	}
	if t.ownReceived(g, v) {
		return fmt.Sprintf("[$%d.%s]", g.ID, v.Name())
	}
	return fmt.Sprintf("[=%d.%s]", g.ID, v.Name())
}

// one is the step for the elements s of a slice that covers a part.
func one(covered, s span) string {
	lo, ok := s.lo.plus(covered.lo)
	if !ok {
		return "[?]"
	}
	hi := covered.hi
	if s.hi != end {
		if hi, ok = s.hi.plus(covered.lo); !ok {
			return "[?]"
		}
	}
	return "[" + span{lo, hi, s.step}.String() + "]"
}

// ownVariable finds the loop whose variable, captured by the goroutine, v is.
func (t *Tree) ownVariable(f *Frame, v ssa.Value) (*Frame, *loop) {
	f, v = f.origin(v)
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, nil
	}
	addr, g := load.X, f
	for {
		fv, isFree := addr.(*ssa.FreeVar)
		if !isFree || g.closure == nil {
			break
		}
		made, isClosure := g.closure.Instr.(*ssa.MakeClosure)
		if !isClosure {
			break
		}
		addr, g = made.Bindings[slices.Index(g.Fn.FreeVars, fv)], g.closure.Frame
	}
	if g.Thread == f.Thread {
		return nil, nil
	}
	for _, l := range t.graph(g.Fn).loops {
		if _, ok := loopVariable(addr, l); ok {
			return g, l
		}
	}
	return nil, nil
}

// origin follows v through parameters, captured variables that are stored
// once and conversions to where it was computed.
func (f *Frame) origin(v ssa.Value) (*Frame, ssa.Value) {
	for range 12 {
		switch x := v.(type) {
		case *ssa.Parameter:
			moved := false
			for i, p := range f.Fn.Params {
				if p == x && i < len(f.args) && f.args[i].frame != nil {
					f, v, moved = f.args[i].frame, f.args[i].val, true
					break
				}
			}
			if !moved {
				return f, v
			}
		case *ssa.UnOp:
			cell, frame := f.cell(x.X)
			if x.Op != token.MUL || cell == nil {
				return f, v
			}
			val, ok := onlyStore(cell)
			if !ok || val == nil {
				return f, v
			}
			f, v = frame, val
		case *ssa.ChangeType:
			v = x.X
		default:
			return f, v
		}
	}
	return f, v
}

// counterLoop is the loop that counts with v: in which v differs each time.
func (t *Tree) counterLoop(f *Frame, v ssa.Value) *loop {
	phi, ok := v.(*ssa.Phi)
	if add, isAdd := v.(*ssa.BinOp); isAdd && add.Op == token.ADD {
		phi, ok = add.X.(*ssa.Phi)
	}
	if next, isNext := v.(*ssa.Extract); isNext {
		// A key of a map differs from the others, too.
		if n, isMap := next.Tuple.(*ssa.Next); isMap && next.Index == 1 {
			for _, l := range t.loopsAround(f, n) {
				return l
			}
		}
	}
	if !ok {
		return nil
	}
	for _, l := range t.graph(f.Fn).loops {
		if l.header == phi.Block() && stepsEachTime(phi, l) {
			return l
		}
	}
	return nil
}

func stepsEachTime(phi *ssa.Phi, l *loop) bool {
	for i, e := range phi.Edges {
		if !l.blocks[phi.Block().Preds[i].Index] {
			continue
		}
		add, ok := e.(*ssa.BinOp)
		if !ok || add.Op != token.ADD && add.Op != token.SUB || add.X != ssa.Value(phi) {
			return false
		}
	}
	return true
}

// isRangeIndex tells whether v is the index of "for i := range slice", l, and
// the slice all there is of its array.
func (t *Tree) isRangeIndex(f *Frame, v ssa.Value, l *loop) bool {
	if add, ok := v.(*ssa.BinOp); ok {
		v = add.X
	}
	phi, ok := v.(*ssa.Phi)
	if !ok || !strings.HasPrefix(phi.Comment, "rangeindex") {
		return false
	}
	cond, ok := l.header.Instrs[len(l.header.Instrs)-1].(*ssa.If)
	if !ok {
		return true
	}
	if cmp, ok := cond.Cond.(*ssa.BinOp); ok {
		if of, ok := measured(cmp.Y); ok {
			return !slices.ContainsFunc(t.of(f, of).at(""), func(r Ref) bool { return r.part != "" })
		}
	}
	return true
}
