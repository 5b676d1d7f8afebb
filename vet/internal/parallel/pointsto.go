package parallel

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

const maxUnknown = 4 // loads from unknown objects that are followed

// unknown returns the object that exists before the tree runs and has a key.
func (t *Tree) unknown(key objectKey, typ types.Type, from *Location) *Object {
	depth := 0
	if from != nil {
		depth = from.Obj.depth + 1
	}
	return t.object(key, func() *Object {
		return &Object{Kind: Unknown, typ: typ, from: from, depth: depth, escaped: true}
	})
}

// of is what v may point to in f.
func (t *Tree) of(f *Frame, v ssa.Value) value {
	switch v := v.(type) {
	case *ssa.Global:
		return t.global(v).self
	case *ssa.Function:
		return t.object(objectKey{val: v}, func() *Object { return &Object{Kind: Closure, Instr: v, typ: v.Type()} }).self
	case *ssa.FreeVar:
		if f.closure != nil {
			return f.memory(f.closure).part("fv:" + v.Name())
		}
	case *ssa.Const, *ssa.Builtin:
		return nil
	}
	return f.value(v)
}

// value is what the parameter or instruction v may point to in f.
func (f *Frame) value(v ssa.Value) value {
	if val := f.vals[v]; val != nil {
		return *val
	}
	return nil
}

func (t *Tree) global(g *ssa.Global) *Object {
	return t.object(objectKey{val: g}, func() *Object { return &Object{Kind: Variable, Instr: g, typ: g.Type()} })
}

// memory is what is stored in o. When that changes, f is looked at again.
func (f *Frame) memory(o *Object) value {
	if !f.reads[o] {
		f.reads[o] = true
		o.readers = append(o.readers, f)
	}
	return o.mem
}

// made is the object that x has made in f, if it has.
func (f *Frame) made(x ssa.Value) *Object {
	if val := f.value(x); len(val) > 0 {
		return val[0].set[0].Obj
	}
	return nil
}

// put adds what from holds to the value of v.
func (t *Tree) put(f *Frame, v ssa.Value, prefix string, from value) {
	if len(from) == 0 {
		return
	}
	if f.set(v).addAll(prefix, from) {
		t.changedIn(f, v)
	}
}

func (t *Tree) putRef(f *Frame, v ssa.Value, r Ref) {
	if f.set(v).add("", r) {
		t.changedIn(f, v)
	}
}

// changedIn notes that v is worth more in f than before.
func (t *Tree) changedIn(f *Frame, v ssa.Value) {
	f.dirty = true
	if f.Parent != nil && t.graph(f.Fn).results[v] {
		f.Parent.dirty = true
	}
}

// load is what the memory at r holds. Memory that exists outside of the tree
// holds unknown objects, made here the first time they are asked for.
func (t *Tree) load(r Ref, typ types.Type, f *Frame, at ssa.Value) value {
	var out value
	base := smash(r.Path)
	for _, s := range f.memory(r.Obj) {
		if rest, ok := under(s.path, base); ok {
			for _, target := range s.set {
				if strings.Contains(base, "]") && t.several(target.Obj) {
					// One of many that are made at one place and kept in
					// an array or map: which one is not known.
					target = Ref{Obj: t.oneOf(target.Obj, f, at, rest)}
				}
				out.add(rest, target)
			}
		}
	}
	if r.Obj.outside() {
		t.loadUnknown(&out, "", r, typ, f, at)
	}
	return out
}

// several tells whether objects like o are made more than once.
func (t *Tree) several(o *Object) bool {
	if o.Kind == Closure || o.Kind == Boxed {
		return false
	}
	if o.several == 0 {
		o.several = -1
		if p, ok := o.origin(); ok && times(t.repeats(p, nil), t.instances(p.Frame.Thread, nil)) > 1 {
			o.several = 1
		}
	}
	return o.several > 0
}

// oneOf is an object like o, another one at each load.
func (t *Tree) oneOf(o *Object, f *Frame, at ssa.Value, sub string) *Object {
	one := t.unknown(objectKey{kind: oneOfMany, frame: f, val: at, path: sub}, o.typ, nil)
	one.perLoad, one.Frame, one.Instr, one.like = true, f, at, o
	return one
}

// outside tells whether code that is not in the tree may have stored to o.
func (o *Object) outside() bool {
	if _, isGlobal := o.Instr.(*ssa.Global); isGlobal {
		return true
	}
	return o.Kind == Unknown
}

func (t *Tree) loadUnknown(out *value, sub string, r Ref, typ types.Type, f *Frame, at ssa.Value) {
	if r.Obj.depth >= maxUnknown {
		return
	}
	if st, ok := typ.Underlying().(*types.Struct); ok && len(sub) < 4 {
		for i := range st.NumFields() {
			t.loadUnknown(out, sub+fieldPath(i), Ref{Obj: r.Obj, Path: r.Path + fieldPath(i)}, st.Field(i).Type(), f, at)
		}
		return
	}
	if !pointerLike(typ) {
		return
	}
	for _, target := range out.at(sub) {
		if target.Obj.Kind != Unknown {
			return // a value that the tree stored: take it for what is meant
		}
	}
	// An element that is not known is another object at each load.
	if p := smash(r.Path); p != r.Path || p != "" && p[len(p)-1] == ']' || r.Obj.perLoad {
		o := t.unknown(objectKey{kind: loaded, frame: f, val: at, path: sub}, typ, &r)
		o.perLoad, o.Frame, o.Instr = true, f, at
		out.add(sub, Ref{Obj: o})
		return
	}
	out.add(sub, Ref{Obj: t.unknown(objectKey{kind: found, obj: r.Obj, path: r.Path}, typ, &r)})
}

// storeTo records that val is stored at r.
func (t *Tree) storeTo(r Ref, val value) {
	if !r.Obj.mem.addAll(smash(r.Path), val) {
		return
	}
	for _, f := range r.Obj.readers {
		f.dirty = true
	}
}
