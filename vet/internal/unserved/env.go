package unserved

import (
	"fmt"
	"go/constant"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An env is what one way through a function has decided: the constants that
// values have on it, and the outcome of conditions that are asked again. A
// condition over memory keeps its outcome until that memory is stored to in
// this function: that takes too many ways for impossible, so that a leak may
// be missed, and no way is made up.
type env struct {
	consts map[ssa.Value]string
	conds  map[string]bool
}

func (e env) clone() env { return env{maps.Clone(e.consts), maps.Clone(e.conds)} }

// String tells envs apart.
func (e env) String() string {
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
func (e env) constantOf(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok {
		return c.Name()
	}
	return e.consts[v]
}

// decide returns the outcome of cond on this way, if that is known.
func (e env) decide(cond ssa.Value) (outcome, known bool) {
	if c := e.constantOf(cond); c != "" {
		return strings.HasPrefix(c, "true"), true
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			outcome, known = e.decide(x.X)
			return !outcome, known
		}
	case *ssa.BinOp:
		a, b := e.constantOf(x.X), e.constantOf(x.Y)
		if a != "" && b != "" && (x.Op == token.EQL || x.Op == token.NEQ) {
			return (a == b) == (x.Op == token.EQL), true
		}
	}
	k, negated := key(cond)
	outcome, known = e.conds[k]
	return outcome != negated, known
}

// assume notes the outcome of cond, if it is asked more than once.
func (e env) assume(cond ssa.Value, outcome bool, asked map[string]int) {
	k, negated := key(cond)
	if asked[k] > 1 {
		e.conds[k] = outcome != negated
	}
}

// enter updates e for the block b, entered from pred.
func (e env) enter(pred, b *ssa.BasicBlock) {
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

// stored forgets what was known of the memory at addr.
func (e env) stored(addr ssa.Value) {
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

// asked counts how often fn asks each condition.
func asked(fn *ssa.Function) map[string]int {
	n := map[string]int{}
	for _, b := range fn.Blocks {
		if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			k, _ := key(cond.Cond)
			n[k]++
		}
	}
	return n
}
