package join

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// A path without Done is no mistake if nobody has called Add for it: where the
// group is nil, so that nobody can wait for it, and where Add depends on the
// same value as Done. Values are compared, not memory: a field may be another
// by the time that the goroutine reads it.

// uncounted returns the test whether the way out of cond on that side is taken
// only by a goroutine that s starts without counting it in group.
func uncounted(s goroutine.Start, target *ssa.Function, group lockset.Path) func(cond ssa.Value, side bool) bool {
	known := conditionsAt(s.Site)
	outer := outerGroup(s, target, group)
	first := true
	for _, add := range calls(s.Site.Parent(), "Add") {
		if !add.group.Same(outer) && !add.group.Same(group) {
			continue
		}
		at := conditionsAt(add.instr)
		if first {
			known, first = append(known, at...), false
			continue
		}
		// Of two calls of Add, only what both depend on is known.
		known = slices.DeleteFunc(known, func(c condition) bool { return !slices.Contains(at, c) })
	}
	return func(cond ssa.Value, side bool) bool {
		c := conditionOf(cond, side)
		if c.nilTest() && side == (c.op == token.EQL) && lockset.Resolve(c.raw).Same(group) {
			return true
		}
		c.x = ground(c.x, s, target)
		c.raw = nil
		c.holds = !c.holds
		return slices.Contains(known, c)
	}
}

// handedOver reports whether group may count what the goroutine hands over,
// and not the goroutine: neither it nor the function that starts it calls Add,
// and another function calls Done for a group of the same class. A pool counts
// its resources so: who fails to make one calls Done, and otherwise whoever
// destroys it does.
func handedOver(prog *buildssa.SSA, s goroutine.Start, target *ssa.Function, group lockset.Path) bool {
	if group.Class == "" || addedBefore(s, target, group) {
		return false
	}
	same := func(c groupCall) bool { return c.group.Class == group.Class }
	if slices.ContainsFunc(calls(target, "Add"), same) {
		return false
	}
	return slices.ContainsFunc(prog.SrcFuncs, func(fn *ssa.Function) bool {
		return fn != target && slices.ContainsFunc(calls(fn, "Done"), same)
	})
}

// fewer reports whether a loop starts more goroutines like s than are counted in
// group: if each of them called Done, the last would count below zero. So some
// are to end without. That is so where all calls of Add that are in sight have a
// constant and stand outside of a loop around s which goes round more often; of
// a loop whose rounds are not known, that is taken to be more than once.
func fewer(s goroutine.Start, target *ssa.Function, group lockset.Path) bool {
	outer := outerGroup(s, target, group)
	counted, found := int64(0), false
	var adds []ssa.Instruction
	for _, add := range calls(s.Site.Parent(), "Add") {
		if !add.group.Same(outer) && !add.group.Same(group) {
			continue
		}
		n, ok := lockset.Args(add.instr.Common())[1].(*ssa.Const)
		if !ok || n.Int64() < 0 {
			return false
		}
		counted, found = counted+n.Int64(), true
		adds = append(adds, add.instr)
	}
	return found && slices.ContainsFunc(unserved.LoopsAround(s.Site), func(l map[*ssa.BasicBlock]bool) bool {
		if slices.ContainsFunc(adds, func(add ssa.Instruction) bool { return l[add.Block()] }) {
			return false
		}
		rounds := int64(unserved.Trips(l))
		return rounds > counted || rounds == 0 && counted == 1
	})
}

// outerGroup is group, of the goroutine's function, for the function that starts it.
func outerGroup(s goroutine.Start, target *ssa.Function, group lockset.Path) lockset.Path {
	if i := slices.IndexFunc(target.Params, func(p *ssa.Parameter) bool { return p == group.Root }); i >= 0 && i < len(s.Args) {
		return group.In(lockset.Resolve(s.Args[i]))
	}
	return group
}

// A condition is that a value, compared with a constant if op is set, is true
// or false.
type condition struct {
	x     ssa.Value
	raw   ssa.Value // x as the code has it
	op    token.Token
	with  string // the constant
	holds bool
}

func (c condition) nilTest() bool {
	return c.op == token.EQL && c.with == "nil"
}

func conditionOf(v ssa.Value, holds bool) condition {
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		v, holds = not.X, !holds
	}
	if cmp, ok := v.(*ssa.BinOp); ok {
		if c, ok := cmp.Y.(*ssa.Const); ok {
			op, with := cmp.Op, "nil"
			if c.Value != nil {
				with = c.Value.ExactString()
			}
			if op == token.NEQ {
				op, holds = token.EQL, !holds
			}
			return condition{cmp.X, cmp.X, op, with, holds}
		}
	}
	return condition{x: v, raw: v, holds: holds}
}

// conditionsAt returns what holds wherever instr is reached, by branches of its function.
func conditionsAt(instr ssa.Instruction) []condition {
	var out []condition
	for b := instr.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 || d.Succs[0] == d.Succs[1] {
			continue
		}
		c := conditionOf(cond.Cond, d.Succs[0] == b)
		c.x, c.raw = ground(c.x, goroutine.Start{}, nil), nil
		out = append(out, c)
	}
	return out
}

// ground returns the value that v is a copy of: what a variable that is
// assigned once was given, also where a closure captures it or, of target, a
// goroutine is started with it.
func ground(v ssa.Value, s goroutine.Start, target *ssa.Function) ssa.Value {
	for range 8 {
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v
			}
			only := lockset.OnlyStore(x.X)
			if only == nil {
				return v
			}
			v = only
		case *ssa.FreeVar:
			bound := lockset.Binding(x)
			if bound == nil {
				return v
			}
			v = bound
		case *ssa.Parameter:
			i := -1
			if target != nil {
				i = slices.Index(target.Params, x)
			}
			if i < 0 || i >= len(s.Args) {
				return v
			}
			v, target = s.Args[i], nil
		default:
			return v
		}
	}
	return v
}
