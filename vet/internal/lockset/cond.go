package lockset

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// phis settles the conditions that entering block to from block from decides.
func (w *walker) phis(from, to *ssa.BasicBlock, s state) state {
	edge := slices.Index(to.Preds, from)
	before := s.conds
	if _, ok := to.Instrs[0].(*ssa.Phi); ok && (len(s.locks) > 0 || len(s.conds) > 0) {
		s = s.clone()
		for _, instr := range to.Instrs {
			if phi, ok := instr.(*ssa.Phi); ok {
				s.redefine(phi)
			}
		}
	}
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		var c cond
		switch v := phi.Edges[edge].(type) {
		case *ssa.Const:
			switch {
			case v.Value != nil && v.Value.Kind() == constant.Bool:
				c = cond{key: ptr(phi) + ";", holds: constant.BoolVal(v.Value)}
			case v.IsNil():
				c = cond{key: "nil=" + ptr(phi) + ";", holds: true}
			}
		case *ssa.MakeInterface, *ssa.Alloc, *ssa.MakeClosure, *ssa.Function, *ssa.FieldAddr:
			c = cond{key: "nil=" + ptr(phi) + ";", holds: false}
		default:
			for _, known := range before {
				if known.key == ptr(v)+";" {
					c = cond{key: ptr(phi) + ";", holds: known.holds}
				}
				if known.key == "nil="+ptr(v)+";" {
					c = cond{key: "nil=" + ptr(phi) + ";", holds: known.holds}
				}
			}
		}
		if c.key == "" || w.c.conditions(phi.Parent())[c.key] == 0 {
			continue
		}
		s = s.clone()
		s.conds = append(slices.DeleteFunc(s.conds, func(o cond) bool { return o.key == c.key }), c)
	}
	return s
}

// assume returns s with the condition v known to be as want says. It reports
// false if that contradicts what s knows.
func (w *walker) assume(s state, v ssa.Value, want bool, at *ssa.If) (state, bool) {
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		v, want = not.X, !want
	}
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
		return s, constant.BoolVal(c.Value) == want
	}
	if call, op, got := tried(v, want); call != nil {
		s = s.clone()
		lock := Resolve(op.Lock)
		if got {
			guard := ssa.Value(nil)
			if op.Guarded {
				guard = call
			}
			h := Holding{Lock: lock, Mode: op.Mode, At: call, Guard: guard, Cell: op.Cell}
			if i := s.find(lock); i >= 0 && s.locks[i].Status == Held {
				h.Status = Unknown
			}
			s.set(h)
		}
		return s, true
	}
	key, same := condKey(v)
	if key == "" {
		return s, true
	}
	if !same {
		want = !want
	}
	subject := equated(v)
	for _, c := range s.conds {
		if c.key == key {
			return s, c.holds == want
		}
		if subject != "" && want && c.holds && strings.HasPrefix(c.key, subject) {
			return s, false // it is another constant
		}
	}
	if w.c.conditions(at.Parent())[key] > 1 || want && subject != "" && w.c.equatedAgain(at, subject, key) {
		s = s.clone()
		s.conds = append(s.conds, cond{key: key, holds: want})
	}
	return s, true
}

// equated is the beginning of the keys of all conditions which compare what v
// compares with a constant, or "". What equals one constant equals no other.
func equated(v ssa.Value) string {
	x, ok := v.(*ssa.BinOp)
	if !ok || x.Op != token.EQL && x.Op != token.NEQ {
		return ""
	}
	if c, ok := x.Y.(*ssa.Const); !ok || c.Value == nil {
		return ""
	}
	return "eq" + operandKey(x.X)
}

// equatedAgain reports whether the subject, which equals a constant behind the
// branch at, is compared with another one there. Only then it is worth while to
// tell states apart by it: the cases of a switch are not, behind it. A loop
// that leads back to the branch does not count.
func (c *computation) equatedAgain(at *ssa.If, subject, key string) bool {
	again, known := c.equations[equation{at, subject}]
	if known {
		return again
	}
	x, ok := at.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{at.Block().Succs[0]}
	if x.Op == token.NEQ {
		work[0] = at.Block().Succs[1]
	}
	for len(work) > 0 && !again {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || b.Dominates(at.Block()) {
			continue
		}
		seen[b] = true
		if next, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && equated(next.Cond) == subject {
			other, _ := condKey(next.Cond)
			again = other != key
		}
		work = append(work, b.Succs...)
	}
	c.equations[equation{at, subject}] = again
	return again
}

// An equation is a branch that compares a subject with a constant.
type equation struct {
	at      *ssa.If
	subject string
}

// tried tells whether the condition v, with outcome want, is the result of an
// attempt to lock, and whether that succeeded.
func tried(v ssa.Value, want bool) (call *ssa.Call, op Op, got bool) {
	switch x := v.(type) {
	case *ssa.Call:
		call = x
	case *ssa.Extract: // g, ok := m.TryLock()
		call, _ = x.Tuple.(*ssa.Call)
		if x.Index == 0 {
			return nil, Op{}, false
		}
	case *ssa.BinOp: // g, err := m.TryLock(); err == nil
		e, ok := x.X.(*ssa.Extract)
		if c, isConst := x.Y.(*ssa.Const); !ok || !isConst || !c.IsNil() || e.Index == 0 {
			return nil, Op{}, false
		}
		call, _ = e.Tuple.(*ssa.Call)
		if x.Op == token.NEQ {
			want = !want
		} else if x.Op != token.EQL {
			return nil, Op{}, false
		}
	}
	if call == nil {
		return nil, Op{}, false
	}
	op = OpOf(&call.Call)
	if op.Kind != Try {
		return nil, Op{}, false
	}
	return call, op, want
}

// condKey names the condition v, so that two tests of the same thing have the
// same key. It reports false if v is the opposite of what the key says.
func condKey(v ssa.Value) (key string, same bool) {
	switch x := v.(type) {
	case *ssa.BinOp:
		switch x.Op {
		case token.EQL, token.NEQ:
			if c, ok := x.Y.(*ssa.Const); ok && c.IsNil() {
				return "nil=" + operandKey(x.X), x.Op == token.EQL
			}
			if subject := equated(x); subject != "" {
				return subject + operandKey(x.Y), x.Op == token.EQL
			}
			return "same " + operandKey(x.X) + operandKey(x.Y), x.Op == token.EQL
		case token.LSS, token.GEQ:
			return "lt" + operandKey(x.X) + operandKey(x.Y), x.Op == token.LSS
		case token.GTR, token.LEQ:
			return "gt" + operandKey(x.X) + operandKey(x.Y), x.Op == token.GTR
		}
	}
	return operandKey(v), true
}

func operandKey(v ssa.Value) string {
	switch x := v.(type) {
	case *ssa.Const:
		return x.String() + ";"
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if s := OnlyStore(x.X); s != nil && !isLoad(s) {
				return operandKey(s)
			}
			if p := Resolve(x.X); p.Root != nil {
				return "*" + p.key() + ";"
			}
		}
	case *ssa.Extract:
		if t, ok := x.Tuple.(*ssa.TypeAssert); ok && x.Index == 1 {
			return "is " + types.TypeString(t.AssertedType, nil) + " " + operandKey(t.X)
		}
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return "len " + operandKey(x.Call.Args[0])
		}
	}
	return ptr(v) + ";"
}

// isLoad reports whether v is what a variable holds, perhaps the very one that
// is assigned.
func isLoad(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL
}
