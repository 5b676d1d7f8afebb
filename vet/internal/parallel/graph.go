package parallel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A graph is what there is to know about a function's blocks, whatever
// it is called with.
type graph struct {
	loops   []*loop
	returns []*ssa.Return
	results map[ssa.Value]bool // what is returned
}

// A loop is a natural loop: the blocks from which its header is reached
// again without leaving it.
type loop struct {
	header *ssa.BasicBlock
	blocks map[int]bool
}

func (t *Tree) graph(fn *ssa.Function) *graph {
	g := t.cfgs[fn]
	if g != nil {
		return g
	}
	g = &graph{results: map[ssa.Value]bool{}}
	t.cfgs[fn] = g
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			g.returns = append(g.returns, ret)
			for _, v := range ret.Results {
				g.results[v] = true
			}
		}
		for _, header := range b.Succs {
			if !header.Dominates(b) {
				continue
			}
			var l *loop
			for _, have := range g.loops {
				if have.header == header {
					l = have
				}
			}
			if l == nil {
				l = &loop{header, map[int]bool{header.Index: true}}
				g.loops = append(g.loops, l)
			}
			work := []*ssa.BasicBlock{b}
			for len(work) > 0 {
				n := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.blocks[n.Index] {
					l.blocks[n.Index] = true
					work = append(work, n.Preds...)
				}
			}
		}
	}
	return g
}

// exit is the index of the virtual block in which deferred calls run.
func (f *Frame) exit() int { return len(f.Fn.Blocks) }

// link finds the blocks that can be reached, given what is known of the
// values of conditions, and the edges between them.
func (f *Frame) link(t *Tree) {
	n := len(f.Fn.Blocks)
	f.succs = make([][]int, n+1)
	f.live = make([]bool, n+1)
	f.ends = map[int]bool{}
	var visit func(i int)
	visit = func(i int) {
		if f.live[i] {
			return
		}
		f.live[i] = true
		if i == n {
			return
		}
		b := f.Fn.Blocks[i]
		next := b.Succs
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if c, known := f.constant(cond.Cond); known && c.Kind() == constant.Bool {
				if constant.BoolVal(c) {
					next = next[:1]
				} else {
					next = next[1:2]
				}
			} else if side := f.neverReady(t, cond); side >= 0 {
				next = next[1-side : 2-side]
			}
		}
		for _, s := range next {
			f.succs[i] = append(f.succs[i], s.Index)
		}
		if len(b.Succs) == 0 && !f.dies(b) {
			f.succs[i] = []int{n}
			if endsGoroutine(b) {
				f.ends[i] = true
			}
		}
		for _, s := range f.succs[i] {
			visit(s)
		}
	}
	visit(0)
}

// dies tells whether block b ends in a panic that f does not recover from, or in
// what ends the program.
func (f *Frame) dies(b *ssa.BasicBlock) bool {
	p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic)
	by := lastCall(b)
	return ok && (f.Fn.Recover == nil || !p.Pos().IsValid() || by.Pkg == "os" && by.Name == "Exit" || by.Pkg == "log" && strings.HasPrefix(by.Name, "Fatal"))
}

// endsGoroutine reports whether block b ends in runtime.Goexit, as t.Fatal does:
// deferred calls run then, but nobody goes on behind f's call. Who runs it as a test of
// its own, as t.Run does, goes on, with a test that has failed: what such a one meets
// is not looked for.
func endsGoroutine(b *ssa.BasicBlock) bool {
	by := lastCall(b)
	return by.Pkg == "testing" || by.Pkg == "runtime" // all there that do not return call it
}

// lastCall is the function that b ends in a call of, which does not return. Package
// ssa puts a panic behind such a call, at its place.
func lastCall(b *ssa.BasicBlock) api.Func {
	if p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic); ok {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && call.Pos() == p.Pos() {
				return api.CalleeOf(&call.Call)
			}
		}
	}
	return api.Func{}
}

// reaches tells which blocks are reached from the end of block from.
func (f *Frame) reaches(from int) []bool {
	if set, ok := f.reachSet[from]; ok {
		return set
	}
	set := f.reachAvoiding(from, nil)
	f.reachSet[from] = set
	return set
}

// reachAvoiding is reaches without the ways through the blocks in avoid.
func (f *Frame) reachAvoiding(from int, avoid map[int]bool) []bool {
	set := make([]bool, len(f.succs))
	work := slices.Clone(f.succs[from])
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if set[n] || avoid[n] {
			continue
		}
		set[n] = true
		work = append(work, f.succs[n]...)
	}
	return set
}

// A place is where in its frame something happens: instructions of a block
// by index; deferred calls run in the exit block, the last deferred first.
type place struct{ block, index int }

func (f *Frame) place(instr ssa.Instruction) place {
	b := instr.Block()
	i := slices.Index(b.Instrs, instr)
	if _, deferred := instr.(*ssa.Defer); deferred {
		return place{f.exit(), -(b.Index*10_000 + i)}
	}
	return place{b.Index, i}
}

// lift gives the instructions by which p and q part in the deepest frame
// that both are in, which belongs to the thread of both.
func lift(p, q Point) (f *Frame, pi, qi ssa.Instruction) {
	pf, qf := p.Frame, q.Frame
	pi, qi = p.Instr, q.Instr
	for depth(pf) > depth(qf) {
		pi, pf = pf.Site.(ssa.Instruction), pf.Parent
	}
	for depth(qf) > depth(pf) {
		qi, qf = qf.Site.(ssa.Instruction), qf.Parent
	}
	for pf != qf {
		pi, pf = pf.Site.(ssa.Instruction), pf.Parent
		qi, qf = qf.Site.(ssa.Instruction), qf.Parent
	}
	return pf, pi, qi
}

func depth(f *Frame) int {
	n := 0
	for ; f.Parent != nil; f = f.Parent {
		n++
	}
	return n
}

// within gives the instruction of f under which p happens, if it does.
func within(f *Frame, p Point) (ssa.Instruction, bool) {
	instr := p.Instr
	for g := p.Frame; g != nil; g = g.Parent {
		if g == f {
			return instr, true
		}
		if g.Parent != nil {
			instr = g.Site.(ssa.Instruction)
		}
	}
	return nil, false
}

// reach tells whether q may happen after p in one thread. Ways through the
// making of obj do not count: what is behind them is about another object.
func (t *Tree) reach(p, q Point, obj *Object) bool {
	run, ok := t.sameRun(p, q)
	if !ok {
		return false
	}
	f, pi, qi := lift(p, q)
	if f.reachIn(pi, qi, obj) {
		return true
	}
	// Around a loop in a caller.
	for ; f.Parent != nil && f != run; f = f.Parent {
		site, around := f.Site.(ssa.Instruction), obj
		if origin, ok := obj.origin(); ok {
			// What f makes behind q, or only on some ways to q, is no object that q is
			// about for sure.
			if _, inside := within(f, origin); inside && !t.precedes(origin, q) {
				around = nil
			}
		}
		if f.Parent.reachIn(site, site, around) {
			return true
		}
	}
	return false
}

func (f *Frame) reachIn(p, q ssa.Instruction, obj *Object) bool {
	from, to := f.place(p), f.place(q)
	var fresh place
	made := false
	if origin, ok := obj.origin(); ok {
		if instr, ok := within(f, origin); ok {
			fresh, made = f.place(instr), true
		}
	}
	if from.block == to.block && from.index < to.index {
		if !(made && fresh.block == from.block && from.index < fresh.index && fresh.index <= to.index) {
			return true
		}
	}
	if from.block == f.exit() {
		return false
	}
	if !made {
		return f.reaches(from.block)[to.block]
	}
	if fresh.block == from.block && fresh.index > from.index {
		return false
	}
	if fresh.block == to.block {
		if fresh.index <= to.index {
			return false
		}
		return f.reaches(from.block)[to.block]
	}
	return f.reachAvoiding(from.block, map[int]bool{fresh.block: true})[to.block]
}

// precedes tells whether q happens only after p has, in one thread.
func (t *Tree) precedes(p, q Point) bool {
	return t.precedesWith(p, q, (*Frame).always)
}

// madeBy tells whether the object that is made at origin is there when q
// happens, if any is: a function that returns nil has made none.
func (t *Tree) madeBy(origin, q Point) bool {
	return t.precedesWith(origin, q, func(f *Frame, p place) bool { return f.unlessNil(p, origin.Instr) })
}

func (t *Tree) precedesWith(p, q Point, always func(*Frame, place) bool) bool {
	f, pi, qi := lift(p, q)
	if pi == qi {
		return false
	}
	if !f.dominates(f.place(pi), f.place(qi)) {
		return false
	}
	// What is in a callee must happen on every way through it.
	for g := p.Frame; g != f; g = g.Parent {
		instr, _ := within(g, p)
		if !always(g, g.place(instr)) {
			return false
		}
	}
	return true
}

func (f *Frame) dominates(p, q place) bool {
	if p.block == q.block {
		return p.index < q.index
	}
	// Without p's block, is q reached from the start?
	if p.block == 0 {
		return true
	}
	if q.block == 0 {
		return false
	}
	return !f.reachAvoidingFromEntry(p.block)[q.block]
}

func (f *Frame) reachAvoidingFromEntry(avoid int) []bool {
	set := f.reachAvoiding(0, map[int]bool{avoid: true})
	set[0] = true
	return set
}

// always tells whether p happens whenever f returns.
func (f *Frame) always(p place) bool {
	if p.block == f.exit() {
		// A deferred call: where the defer statement is on every way.
		return true
	}
	return p.block == 0 || !f.reachAvoidingFromEntry(p.block)[f.exit()]
}

// unlessNil tells whether p happens whenever f returns something else than
// plain values and what is nil until maker has been there.
func (f *Frame) unlessNil(p place, maker ssa.Instruction) bool {
	if f.always(p) {
		return true
	}
	reached := f.reachAvoidingFromEntry(p.block)
	for _, b := range f.Fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && reached[b.Index] && b.Index != p.block && !returnsNil(ret, maker) {
			return false
		}
	}
	return true
}

// returnsNil tells whether ret returns a nil pointer, unless maker has made
// one, and no other.
func returnsNil(ret *ssa.Return, maker ssa.Instruction) bool {
	none := false
	for _, res := range ret.Results {
		if !pointerLike(res.Type()) || types.Identical(res.Type(), errorType) || !mayBe(res, maker) {
			continue
		}
		if made(res, maker, nil) {
			none = true
			continue
		}
		return false
	}
	return none
}

// mayBe tells whether v, by its type, may be what maker makes.
func mayBe(v ssa.Value, maker ssa.Instruction) bool {
	m, ok := maker.(ssa.Value)
	return !ok || types.IsInterface(v.Type()) || types.Identical(v.Type(), m.Type())
}

// made tells whether v is nil, comes from maker, or is as new, in no way
// through memory.
func made(v ssa.Value, maker ssa.Instruction, seen []ssa.Value) bool {
	if slices.Contains(seen, v) {
		return true
	}
	seen = append(seen, v)
	switch x := v.(type) {
	case *ssa.Const:
		return x.IsNil()
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return true // new, too
	case *ssa.Phi:
		for _, e := range x.Edges {
			if !made(e, maker, seen) {
				return false
			}
		}
		return true
	case *ssa.Call:
		return ssa.Instruction(x) == maker || isBuiltin(x, "append") && made(x.Call.Args[0], maker, seen)
	case *ssa.Slice:
		return made(x.X, maker, seen)
	case *ssa.MakeInterface:
		return made(x.X, maker, seen)
	case *ssa.UnOp:
		// A named result, which deferred functions may read.
		cell, ok := x.X.(*ssa.Alloc)
		if !ok || x.Op != token.MUL {
			return false
		}
		for _, ref := range *cell.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == x.X && !made(s.Val, maker, seen) {
				return false
			}
		}
		return true
	}
	instr, ok := v.(ssa.Instruction)
	return ok && instr == maker
}

var errorType = types.Universe.Lookup("error").Type()

// loopsAround are the loops of f's function in which instr is.
func (t *Tree) loopsAround(f *Frame, instr ssa.Instruction) []*loop {
	if _, deferred := instr.(*ssa.Defer); deferred {
		return nil
	}
	var found []*loop
	for _, l := range t.graph(f.Fn).loops {
		if l.blocks[instr.Block().Index] {
			found = append(found, l)
		}
	}
	return found
}
