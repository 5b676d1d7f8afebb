package branch

import (
	"fmt"
	"go/constant"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An Env is what one way through a function has decided: the constants that
// values have on it, and the outcome of conditions that are asked again. A
// condition over memory keeps its outcome until that memory is stored to in
// this function: that takes too many ways for impossible, so that a leak may
// be missed, and no way is made up.
type Env struct {
	consts map[ssa.Value]string
	conds  map[string]bool
}

// New returns an Env in which nothing is decided.
func New() Env { return Env{map[ssa.Value]string{}, map[string]bool{}} }

// Clone returns a copy of e.
func (e Env) Clone() Env { return Env{maps.Clone(e.consts), maps.Clone(e.conds)} }

// Set notes that v is the constant c, written as SSA form writes it: "true:bool".
func (e Env) Set(v ssa.Value, c string) { e.consts[v] = c }

// At returns what is decided wherever instr happens: the conditions on the
// way that every execution takes to it.
func At(instr ssa.Instruction, asked map[string]int) Env {
	e := New()
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 || d.Succs[0] == d.Succs[1] {
			continue
		}
		e.Assume(cond.Cond, d.Succs[0] == b, asked)
	}
	return e
}

// String tells decisions apart.
func (e Env) String() string {
	var parts []string
	for v, c := range e.consts {
		parts = append(parts, fmt.Sprintf("%p=%s", v, c))
	}
	for k, c := range e.conds {
		parts = append(parts, fmt.Sprint(k, "=", c))
	}
	slices.Sort(parts)
	return strings.Join(parts, ";")
}

// constantOf returns the constant that v is on this way, or "".
func (e Env) constantOf(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok {
		return c.Name()
	}
	return e.consts[v]
}

// Decide returns the outcome of cond on this way, if that is known.
func (e Env) Decide(cond ssa.Value) (outcome, known bool) {
	if c := e.constantOf(cond); c != "" {
		return strings.HasPrefix(c, "true"), true
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			outcome, known = e.Decide(x.X)
			return !outcome, known
		}
	case *ssa.BinOp:
		if c, ok := x.X.(*ssa.Const); ok && c.Value != nil {
			if d, ok := x.Y.(*ssa.Const); ok && d.Value != nil && c.Value.Kind() == d.Value.Kind() && ordered(x.Op) {
				return constant.Compare(c.Value, x.Op, d.Value), true // whether "for range 2" has a first round
			}
		}
		a, b := e.constantOf(x.X), e.constantOf(x.Y)
		if a != "" && b != "" && (x.Op == token.EQL || x.Op == token.NEQ) {
			return (a == b) == (x.Op == token.EQL), true
		}
	}
	k, negated := key(cond)
	outcome, known = e.conds[k]
	return outcome != negated, known
}

func ordered(op token.Token) bool {
	return op == token.LSS || op == token.LEQ || op == token.GTR || op == token.GEQ
}

// Assume notes the outcome of cond, if it is asked more than once.
func (e Env) Assume(cond ssa.Value, outcome bool, asked map[string]int) {
	k, negated := key(cond)
	if asked[k] > 1 {
		e.conds[k] = outcome != negated
	}
}

// Enter updates e for the block b, entered from pred.
func (e Env) Enter(pred, b *ssa.BasicBlock) {
	var fresh []string
	next := map[ssa.Value]string{}
	for _, instr := range b.Instrs {
		v, ok := instr.(ssa.Value)
		if !ok {
			continue
		}
		fresh = append(fresh, fmt.Sprintf("%p", v))
		delete(e.consts, v)
		if phi, ok := v.(*ssa.Phi); ok {
			if i := slices.Index(b.Preds, pred); i >= 0 && decisive(phi) {
				if c := e.constantOf(phi.Edges[i]); c != "" {
					next[phi] = c
				}
			}
		}
	}
	maps.Copy(e.consts, next)
	for k := range e.conds {
		if slices.ContainsFunc(fresh, func(v string) bool { return strings.Contains(k, v) }) {
			delete(e.conds, k)
		}
	}
}

// decisive reports whether phi can be a condition or part of one.
func decisive(phi *ssa.Phi) bool {
	for _, ref := range *phi.Referrers() {
		switch x := ref.(type) {
		case *ssa.If, *ssa.Phi:
			return true
		case *ssa.UnOp:
			if x.Op == token.NOT {
				return true
			}
		case *ssa.BinOp:
			if x.Op == token.EQL || x.Op == token.NEQ {
				return true
			}
		}
	}
	return false
}

// Stored forgets what was known of the memory at addr.
func (e Env) Stored(addr ssa.Value) {
	at := "*" + operand(addr)
	for k := range e.conds {
		if strings.Contains(k, at) {
			delete(e.conds, k)
		}
	}
}

// key names a condition alike wherever it is asked, or its opposite.
func key(cond ssa.Value) (k string, negated bool) {
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			k, negated = key(x.X)
			return k, !negated
		}
	case *ssa.BinOp:
		if x.Op == token.NEQ {
			return operand(x.X) + "==" + operand(x.Y), true
		}
		return operand(x.X) + x.Op.String() + operand(x.Y), false
	}
	return operand(cond), false
}

func operand(v ssa.Value) string {
	switch x := v.(type) {
	case *ssa.Const:
		if x.Value != nil && x.Value.Kind() == constant.String {
			return x.Value.ExactString()
		}
		return x.Name()
	case *ssa.UnOp:
		if x.Op == token.MUL {
			return "*" + operand(x.X)
		}
	case *ssa.FieldAddr:
		return operand(x.X) + fmt.Sprint(".", x.Field)
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return "len " + operand(x.Call.Args[0])
		}
	}
	return fmt.Sprintf("%p", v)
}

// Asked counts how often fn asks each condition.
func Asked(fn *ssa.Function) map[string]int {
	n := map[string]int{}
	for _, b := range fn.Blocks {
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			k, _ := key(cond.Cond)
			n[k]++
		}
	}
	return n
}
