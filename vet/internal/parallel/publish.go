package parallel

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A publication is a point at which an object may get known to another
// goroutine: handed to one, sent, given to code that is not followed, or (if
// into is not nil) kept in another object that may be known itself.
type publication struct {
	at   Point
	into *Object
}

// publications lists them for every object.
func (t *Tree) publications() map[*Object][]publication {
	found := map[*Object][]publication{}
	add := func(v value, at Point, into *Object) {
		for _, s := range v {
			for _, r := range s.set {
				if r.Obj != into {
					found[r.Obj] = append(found[r.Obj], publication{at, into})
				}
			}
		}
	}
	for _, f := range t.Frames {
		for _, b := range f.Fn.Blocks {
			if !f.live[b.Index] {
				continue
			}
			for _, instr := range b.Instrs {
				at := Point{f, instr}
				switch x := instr.(type) {
				case *ssa.Store:
					for _, r := range t.of(f, x.Addr).at("") {
						add(t.of(f, x.Val), at, r.Obj)
					}
				case *ssa.MapUpdate:
					for _, r := range t.of(f, x.Map).at("") {
						add(t.of(f, x.Key), at, r.Obj)
						add(t.of(f, x.Value), at, r.Obj)
					}
				case *ssa.Send:
					add(t.of(f, x.X), at, nil)
				case *ssa.Select:
					for _, s := range x.States {
						if s.Dir == types.SendOnly {
							add(t.of(f, s.Send), at, nil)
						}
					}
				case *ssa.MakeClosure:
					for _, r := range f.value(x).at("") {
						for _, v := range x.Bindings {
							add(t.of(f, v), at, r.Obj)
						}
					}
				case *ssa.MakeInterface:
					for _, r := range f.value(x).at("") {
						add(t.of(f, x.X), at, r.Obj)
					}
				case ssa.CallInstruction:
					t.publishCall(f, x, at, add)
				}
			}
		}
	}
	return found
}

func (t *Tree) publishCall(f *Frame, site ssa.CallInstruction, at Point, add func(value, Point, *Object)) {
	call := site.Common()
	followed := len(f.calls[site]) > 0 && !f.opaque[site] && len(f.spawns[site]) == 0
	if b, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		followed = b.Name() != "append" && b.Name() != "copy"
	}
	if followed || keepsNothing(call) && len(f.spawns[site]) == 0 {
		return
	}
	add(t.of(f, call.Value), at, nil)
	for i, a := range call.Args {
		if !t.starts.Lent(call, i) || len(f.spawns[site]) > 0 {
			add(t.of(f, a), at, nil)
		}
	}
}

// private tells whether o is known only to the goroutine that has made it
// when that makes the access a: it was published nowhere on the way there.
func (t *Tree) private(a *Access, o *Object) bool {
	origin, ok := o.origin()
	return ok && o.Kind == Variable && origin.Frame.Thread == a.Thread && !t.published(a, o, o, nil, 0)
}

// published tells whether others know of o when a happens, by via: o itself, or what
// it has been stored in. A loop may make a new one of these each time, and have told
// others of the one before, which knows o as well: so only what is made in between
// of o itself says that a is about another object.
func (t *Tree) published(a *Access, o, via *Object, stored *Point, depth int) bool {
	if depth > 5 {
		return true
	}
	for _, p := range t.known[via] {
		if p.at.Frame.Thread != a.Thread || !t.reach(p.at, a.Point, o) {
			continue
		}
		if stored != nil && p.at != *stored && !t.reach(*stored, p.at, via) && !t.reach(p.at, *stored, via) {
			continue // that is one in which o was not stored
		}
		if p.into == nil || p.into.outside() {
			return true
		}
		if origin, ok := p.into.origin(); !ok || origin.Frame.Thread != a.Thread {
			return true
		}
		if t.published(a, o, p.into, &p.at, depth+1) {
			return true
		}
	}
	return false
}
