package parallel

import (
	"fmt"
	"go/token"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A bound is an index: a number, added to a value of the program that is
// computed only once, if sym is not "".
type bound struct {
	sym string
	n   int
}

// end is the bound of what goes up to the end, wherever that is.
var end = bound{n: 1 << 30}

func (b bound) String() string {
	if b.sym == "" {
		return strconv.Itoa(b.n)
	}
	return b.sym + "+" + strconv.Itoa(b.n)
}

func parseBound(s string) (bound, bool) {
	sym, num, isSum := strings.Cut(s, "+")
	if !isSum {
		sym, num = "", s
	}
	n, err := strconv.Atoi(num)
	return bound{sym, n}, err == nil
}

// plus is b moved by c, if that can be said.
func (b bound) plus(c bound) (bound, bool) {
	switch {
	case b == end || c == end:
		return end, true
	case b.sym != "" && c.sym != "":
		return bound{}, false
	}
	return bound{b.sym + c.sym, b.n + c.n}, true
}

// below tells whether b is less than c for certain.
func (b bound) below(c bound) bool {
	return c == end && b != end || b.sym == c.sym && b.n < c.n
}

// A span is the indexes from lo up to hi, hi excluded, each step-th of them.
type span struct {
	lo, hi bound
	step   int
}

func (s span) String() string {
	if s.step > 1 {
		return fmt.Sprintf("%s:%s%%%d", s.lo, s.hi, s.step)
	}
	if s.lo.sym == "" && s.hi == (bound{n: s.lo.n + 1}) {
		return s.lo.String()
	}
	return s.lo.String() + ":" + s.hi.String()
}

// parseSpan understands what String returns.
func parseSpan(body string) (s span, ok bool) {
	body, step, isStepped := strings.Cut(body, "%")
	s.step = 1
	if isStepped {
		s.step, _ = strconv.Atoi(step)
	}
	lo, hi, isRange := strings.Cut(body, ":")
	if s.lo, ok = parseBound(lo); !ok {
		return s, false
	}
	if !isRange {
		s.hi, ok = s.lo.plus(bound{n: 1})
		return s, ok
	}
	s.hi, ok = parseBound(hi)
	return s, ok
}

// empty tells whether s has no index for certain.
func (s span) empty() bool { return s.hi != end && s.hi.sym == s.lo.sym && s.hi.n <= s.lo.n }

// meets tells whether a and b have an index in common for certain, if a span
// that may have one has one.
func (a span) meets(b span) bool {
	if a.empty() || b.empty() {
		return false
	}
	inside := a.lo == b.lo || a.lo.below(b.hi) && b.lo.below(a.hi) || a.step == 1 && b.step == 1 && a.hi == b.hi
	if !inside || a.step == 1 && b.step == 1 {
		return inside
	}
	if a.lo.sym != b.lo.sym {
		return false
	}
	// Only if the first index that they have in common is there in both.
	at := max(a.lo.n, b.lo.n)
	for range a.step * b.step {
		if (at-a.lo.n)%a.step == 0 && (at-b.lo.n)%b.step == 0 {
			first := bound{a.lo.sym, at}
			return a.lo == b.lo || first.below(a.hi) && first.below(b.hi)
		}
		at++
	}
	return false
}

// bound is what v is in f, if it is the same wherever it is used.
func (t *Tree) bound(f *Frame, v ssa.Value) (bound, bool) {
	if n, ok := f.int(v); ok {
		return bound{n: int(n)}, true
	}
	f, v = f.origin(v)
	if sum, ok := v.(*ssa.BinOp); ok && (sum.Op == token.ADD || sum.Op == token.SUB) {
		if n, ok := f.int(sum.Y); ok {
			if sum.Op == token.SUB {
				n = -n
			}
			if b, ok := t.bound(f, sum.X); ok {
				return b.plus(bound{n: int(n)})
			}
		}
	}
	if !t.once(f, v) {
		return bound{}, false
	}
	return bound{sym: fmt.Sprintf("=%d.%s", f.ID, v.Name())}, true
}

// once tells whether v is computed only once in all the tree.
func (t *Tree) once(f *Frame, v ssa.Value) bool {
	instr, ok := v.(ssa.Instruction)
	if !ok {
		_, isParam := v.(*ssa.Parameter)
		return isParam && f == t.Root
	}
	for {
		if len(t.loopsAround(f, instr)) > 0 {
			return false
		}
		switch {
		case f.Parent != nil:
			f, instr = f.Parent, f.Site
		case f.Thread.Parent != nil && !f.Thread.Start.Many():
			f, instr = f.Thread.Site.Frame, f.Thread.Site.Instr
		default:
			return f == t.Root
		}
	}
}

// counts is what the loop l, which counts up with v, makes of it: the indexes
// of the slice that is at x.X in f.
func (t *Tree) counts(g *Frame, v ssa.Value, l *loop, f *Frame, x *ssa.IndexAddr) (s span, ok bool) {
	shift := int64(0)
	phi, isPhi := v.(*ssa.Phi)
	if add, isAdd := v.(*ssa.BinOp); isAdd {
		phi, isPhi = add.X.(*ssa.Phi)
		if shift, ok = g.int(add.Y); !ok {
			return s, false
		}
	}
	if !isPhi || phi.Block() != l.header {
		return s, false
	}
	for i, e := range phi.Edges {
		if !l.blocks[phi.Block().Preds[i].Index] {
			if ok = s.lo == (bound{}); ok {
				s.lo, ok = t.bound(g, e)
			}
		} else if add, isAdd := e.(*ssa.BinOp); isAdd && add.Op == token.ADD {
			var n int64
			n, ok = g.int(add.Y)
			ok = ok && n > 0 && (s.step == 0 || s.step == int(n))
			s.step = int(n)
		} else {
			ok = false
		}
		if !ok {
			return s, false
		}
	}
	if s.hi, ok = t.limit(g, phi, s.step, l, f, x); !ok {
		return s, false
	}
	if s.lo, ok = s.lo.plus(bound{n: int(shift)}); !ok {
		return s, false
	}
	s.hi, ok = s.hi.plus(bound{n: int(shift)})
	return s, ok && s.step > 0
}

// limit is what phi, to which l adds step, stays below in l.
func (t *Tree) limit(g *Frame, phi *ssa.Phi, step int, l *loop, f *Frame, x *ssa.IndexAddr) (bound, bool) {
	for index := range l.blocks {
		b := g.Fn.Blocks[index]
		exit, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.blocks[b.Succs[0].Index] || l.blocks[b.Succs[1].Index] {
			continue
		}
		cmp, ok := exit.Cond.(*ssa.BinOp)
		if !ok || cmp.Op != token.LSS && cmp.Op != token.LEQ {
			continue
		}
		less := 0
		if add, ok := cmp.X.(*ssa.BinOp); ok && add.Op == token.ADD && add.X == ssa.Value(phi) {
			if b == l.header && len(l.blocks) > 1 {
				less = step
			}
		} else if cmp.X != ssa.Value(phi) {
			continue
		}
		if cmp.Op == token.LEQ {
			less--
		}
		if t.lengthOf(g, cmp.Y, f, x.X) {
			return end, true
		}
		n, ok := t.bound(g, cmp.Y)
		if !ok {
			return n, false
		}
		return n.plus(bound{n: -less})
	}
	return bound{}, false
}

// lengthOf tells whether v, in g, is the length of slice, in f.
func (t *Tree) lengthOf(g *Frame, v ssa.Value, f *Frame, slice ssa.Value) bool {
	of, ok := measured(v)
	if !ok {
		return false
	}
	g, of = g.origin(of)
	f, slice = f.origin(slice)
	return g == f && of == slice
}

// measured is the slice of which v is the length.
func measured(v ssa.Value) (ssa.Value, bool) {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil, false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok || b.Name() != "len" {
		return nil, false
	}
	return call.Call.Args[0], true
}

// chosen tells whether at is reached only in some rounds of l, chosen by the
// value of the counter v.
func chosen(v ssa.Value, l *loop, at *ssa.BasicBlock) bool {
	for b := at; b != l.header; {
		up := b.Idom()
		if up == nil || !l.blocks[up.Index] {
			return false
		}
		if branch, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If); ok && l.blocks[up.Succs[0].Index] && l.blocks[up.Succs[1].Index] {
			either := up.Succs[0] == b || up.Succs[1] == b || up.Succs[0].Dominates(b) || up.Succs[1].Dominates(b)
			if either && dependsOn(branch.Cond, v, 0) {
				return true
			}
		}
		b = up
	}
	return false
}

// dependsOn tells whether v is computed from the counter.
func dependsOn(v, counter ssa.Value, depth int) bool {
	if v == counter {
		return true
	}
	if add, ok := counter.(*ssa.BinOp); ok && v == add.X {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	if _, isPhi := v.(*ssa.Phi); !ok || isPhi || depth > 8 {
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && dependsOn(*op, counter, depth+1) {
			return true
		}
	}
	return false
}
