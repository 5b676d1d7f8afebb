package parallel

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Once runs one of the functions that it is given, and that one time, unless it is
// overwritten: l.start = sync.Once{}. So what happens in such a function is followed
// only by what comes behind it in the same run: in the same call of Do, and not
// around a loop in whoever calls Do.

var onceDo = api.Func{Pkg: "sync", Recv: "Once", Name: "Do"}

// A once is a Once that nothing overwrites, to which by leads; see through.
type once struct {
	Ref
	by argument
}

// onlyOnce is the call of a sync.Once that f runs in, directly: f is the function that
// Do was given.
func (t *Tree) onlyOnce(f *Frame) (once, bool) {
	if f.Parent == nil || f.Site == nil {
		return once{}, false
	}
	call := f.Site.Common()
	if api.CalleeOf(call) != onceDo {
		return once{}, false
	}
	on, ok := t.single(f.Parent, api.Receiver(call))
	// Of several objects that the tree does not tell apart each has its own Once.
	if !ok || t.several(on.Obj) || on.Obj.perLoad || t.again(on) {
		return once{}, false
	}
	by, ok := t.through(f.Parent, api.Receiver(call))
	return once{on, by}, ok
}

// again reports whether the Once at the place may be overwritten, and run another
// function then: by code of the package, or in a field or variable of another package.
// That others overwrite one of this package, whose name is exported, or a whole object
// with one, is not expected: a race that needs it is missed.
func (t *Tree) again(at Ref) bool {
	c, pkg := t.changed(), t.Root.Fn.Pkg
	if c.astray || pkg == nil {
		return true
	}
	changes := func(v *types.Var) bool { return v.Pkg() != pkg.Pkg || c.vars[v.Origin()] }
	typ, inField := elem(at.Obj.typ), false
	for _, step := range steps(at.Path) {
		if typ == nil {
			return true
		}
		if st, ok := typ.Underlying().(*types.Struct); ok {
			if f := stepField(st, step); f == nil || changes(f) {
				return true
			}
			inField = true
		}
		typ = stepType(typ, step)
	}
	switch x := at.Obj.Instr.(type) {
	case *ssa.Global:
		v, ok := x.Object().(*types.Var)
		return !ok || changes(v)
	case *ssa.Alloc:
		return c.onces[x]
	}
	// What a pointer leads to may be any Once, if it is not known to be that of a field.
	return !inField && c.once
}

// sameRun is the frame of the innermost function of a Once in which both p and q are:
// if both happen, then in one run of it. It is nil if there is no such Once. If they are
// in two functions of one Once, they never both happen, and ok is false.
func (t *Tree) sameRun(p, q Point) (run *Frame, ok bool) {
	for f := p.Frame; f != nil; f = f.Parent {
		on, once := t.onlyOnce(f)
		if !once {
			continue
		}
		for g := q.Frame; g != nil; g = g.Parent {
			if other, once := t.onlyOnce(g); !once || other != on {
				continue
			}
			if f != g {
				return nil, false
			}
			return f, true
		}
	}
	return nil, true
}
