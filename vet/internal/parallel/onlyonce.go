package parallel

import "github.com/fearless-go/fearless/vet/internal/api"

// A Once runs one of the functions that it is given, and that one time. So what
// happens in such a function is followed only by what comes behind it in the same
// run: in the same call of Do, and not around a loop in whoever calls Do.

// onlyOnce is the call of a sync.Once that f runs in, directly: f is the function that
// Do was given.
func (t *Tree) onlyOnce(f *Frame) (Ref, bool) {
	if f.Parent == nil || f.Site == nil {
		return Ref{}, false
	}
	call := f.Site.Common()
	if api.CalleeOf(call) != (api.Func{Pkg: "sync", Recv: "Once", Name: "Do"}) {
		return Ref{}, false
	}
	on, ok := t.single(f.Parent, api.Receiver(call))
	// Of several objects that the tree does not tell apart each has its own Once.
	if !ok || t.several(on.Obj) || on.Obj.perLoad {
		return Ref{}, false
	}
	return on, true
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
