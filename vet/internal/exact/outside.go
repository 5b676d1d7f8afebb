package exact

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// ExploreAround is Explore for a program that calls functions which are not
// known, such as those of other modules. Each of these is taken for one that
// returns anything and orders nothing. That makes up executions and hides none:
//
//   - It is given no pointer, function, channel, map or slice of the program,
//     but for the numbers and strings of a call with any number of arguments,
//     so that it cannot use the program's memory. A program that gives it one is
//     given up. So is one that has package variables, if it calls a function
//     value or a method that is not known, which may be one of the package.
//   - What it orders, by a file or a lock of its own, only takes executions away.
//   - That it does not return, or ends the process, takes executions away, too. A
//     panic of it that the program recovers from is given up.
//
// The parameters of root are anything as well; a pointer that is followed ends
// the search. So a Complete result without a race says that there is none. A
// race in it may be made up: it is no finding by itself.
func ExploreAround(root *ssa.Function) *Result {
	m := newSearch(root)
	m.around = true
	if len(root.FreeVars) > 0 || len(root.Blocks) == 0 || root.TypeParams().Len() > 0 || root.Signature.TypeParams().Len() > 0 {
		m.result.Reason = "it is a part of another function"
		return m.result
	}
	return m.explore()
}

// outside is a function that is not known.
var outside = &native{id: 9, run: func(x *call) status {
	for _, a := range x.f.args {
		x.handsOut(a)
	}
	return x.returns(x.unknownResult(true))
}}

// handsOut gives up if v, which a function that is not known is given, leads to
// memory of the program.
func (x *call) handsOut(v value) {
	switch v := v.(type) {
	case nil, int64, float64, bool, string, unknown:
	case boxed:
		// A named type could have methods, which are the program's.
		if _, ok := v.typ.(*types.Basic); v.typ != nil && !ok {
			stop("a function that is not known is given an object")
		}
		x.handsOut(v.val)
	case aggregate:
		for _, part := range v {
			x.handsOut(part)
		}
	case slice:
		o := x.s.heap[v.obj]
		alloc, ok := o.made.(*ssa.Alloc)
		if !ok || alloc.Comment != "varargs" {
			stop("a function that is not known is given a slice")
		}
		for i := range o.cells {
			x.use(x.s, x.t, o, i, x.t.instrOf(), false, false)
			x.handsOut(o.cells[i].val)
		}
	default:
		stop("a function that is not known is given memory")
	}
}

// unseen is the callee that is a function value or method of which nothing is
// known: it may be any function that others can give the program.
func (m *search) unseen(s *state, call *ssa.CallCommon) callee {
	if len(s.globals) > 0 {
		stop("a function value that is not known, and package variables")
	}
	return callee{native: outside, call: call}
}

// ends reports whether a function that is not known ends the goroutine, by its
// documentation: the deferred calls that run then would be missing.
func ends(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg.Pkg.Path() == "runtime" && fn.Name() == "Goexit"
}

// recovers reports whether fn, if it is deferred, can stop a panic.
func recovers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if b, ok := call.Common().Value.(*ssa.Builtin); ok && b.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}

// arguments are those of root.
func (m *search) arguments(s *state) []value {
	args := make([]value, len(m.root.Params))
	for i, p := range m.root.Params {
		switch {
		case isTest(p.Type()):
			args[i] = pointer{m.newObject(s, 1, nil), 0}
		case isAggregate(p.Type()):
			stop("a parameter that is a struct")
		default:
			args[i] = unknown{}
		}
	}
	return args
}
