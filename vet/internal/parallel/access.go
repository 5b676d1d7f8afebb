package parallel

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// An Access is a read or a write of memory at one point of the tree.
type Access struct {
	Point
	Thread *Thread
	At     []Location
	Write  bool
	Atomic bool      // by an atomic operation, or by a lock on itself
	Close  bool      // of a channel: close counts as a write, send as a read
	Addr   ssa.Value // what names the memory in the source

	locks  lockSet
	stored ssa.Value // what a write writes, if that is one value
	add    bool      // stored is added to what was there
}

// maxTargets is how many places one access may mean before it tells nothing.
const maxTargets = 1

func (t *Tree) access(f *Frame, instr ssa.Instruction, addr ssa.Value, at []Location, write bool) *Access {
	if len(at) == 0 || len(at) > maxTargets {
		return nil
	}
	a := &Access{Point: Point{f, instr}, Thread: f.Thread, At: at, Write: write, Addr: addr}
	t.accesses = append(t.accesses, a)
	return a
}

// accessesOf returns the accesses that instr itself makes.
func (t *Tree) accessesOf(f *Frame, instr ssa.Instruction) (found []*Access) {
	add := func(addr ssa.Value, at []Location, write bool) *Access {
		a := t.access(f, instr, addr, at, write)
		if a != nil {
			found = append(found, a)
		}
		return a
	}
	switch x := instr.(type) {
	case *ssa.UnOp:
		if x.Op == token.MUL && size(x.Type()) && !onlyLength(x) {
			if a := add(x.X, t.places(f, x.X), false); a != nil {
				t.reads[x] = append(t.reads[x], a)
			}
		}
	case *ssa.Store:
		if load, ok := x.Val.(*ssa.UnOp); ok && load.Op == token.MUL && load.X == x.Addr {
			break // "return x" of a named result x stores nothing new
		}
		if a := add(x.Addr, t.places(f, x.Addr), true); a != nil {
			a.stored = x.Val
		}
	case *ssa.Lookup:
		if mapElem(x.X.Type()) != nil {
			add(x.X, t.contents(f, x.X), false)
		}
	case *ssa.Range:
		if mapElem(x.X.Type()) != nil {
			add(x.X, t.contents(f, x.X), false)
		}
	case *ssa.MapUpdate:
		add(x.Map, t.contents(f, x.Map), true)
	case *ssa.Convert:
		if _, fromSlice := x.X.Type().Underlying().(*types.Slice); fromSlice {
			add(x.X, t.elements(f, x.X), false)
		}
	case *ssa.Send:
		if a := add(x.Chan, t.closing(f, x.Chan), false); a != nil {
			a.Close = true
		}
	case *ssa.Select:
		for _, s := range x.States {
			if s.Dir == types.SendOnly {
				if a := add(s.Chan, t.closing(f, s.Chan), false); a != nil {
					a.Close = true
				}
			}
		}
	case ssa.CallInstruction:
		if _, isGo := x.(*ssa.Go); !isGo || len(f.spawns[x]) == 0 {
			t.callAccesses(f, x, add)
		}
	}
	return found
}

// onlyLength tells whether load stands for the array of a loop that ranges over
// its indexes alone. SSA form loads it; the language does not evaluate it.
func onlyLength(load *ssa.UnOp) bool {
	_, isArray := load.Type().Underlying().(*types.Array)
	return isArray && len(*load.Referrers()) == 0
}

// size tells whether values of type t take any memory.
func size(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if size(f.Type()) {
				return true
			}
		}
		return false
	case *types.Array:
		return u.Len() > 0 && size(u.Elem())
	}
	return true
}

// places are the locations that the address v may mean.
func (t *Tree) places(f *Frame, v ssa.Value) []Location {
	switch x := v.(type) {
	case *ssa.FieldAddr:
		return extend(t.places(f, x.X), fieldPath(x.Field))
	case *ssa.IndexAddr:
		var out []Location
		for _, base := range t.places(f, x.X) {
			step := t.index(f, x, base.part)
			base.part = ""
			out = append(out, extend([]Location{base}, step)...)
		}
		return out
	}
	var out []Location
	for _, r := range t.of(f, v).at("") {
		out = append(out, r)
	}
	return out
}

func extend(base []Location, step string) []Location {
	out := make([]Location, 0, len(base))
	for _, r := range base {
		if path, ok := join(r.Path, step); ok {
			out = append(out, Ref{Obj: r.Obj, Path: path})
		}
	}
	return out
}

// elements are all elements of the slice v.
func (t *Tree) elements(f *Frame, v ssa.Value) []Location {
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		return nil
	}
	var out []Location
	for _, r := range t.of(f, v).at("") {
		step := "[*]"
		if r.part == "?" {
			step = "[?]"
		} else if r.part != "" {
			step = "[" + r.part + "]"
		}
		out = append(out, extend([]Location{r}, step)...)
	}
	return out
}

// contents are the entries of the map v, all in one.
func (t *Tree) contents(f *Frame, v ssa.Value) []Location {
	var out []Location
	for _, r := range t.of(f, v).at("") {
		out = append(out, Ref{Obj: r.Obj, Path: r.Path + "[*]"})
	}
	return out
}

// closing stands for the state of the channel v: open or closed.
func (t *Tree) closing(f *Frame, v ssa.Value) []Location {
	var out []Location
	for _, r := range t.of(f, v).at("") {
		if r.Obj.Kind == Variable {
			out = append(out, Ref{Obj: r.Obj, Path: r.Path + ".~"})
		}
	}
	return out
}
