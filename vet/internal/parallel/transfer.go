package parallel

import (
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// transfer is the effect of one instruction.
func (t *Tree) transfer(f *Frame, instr ssa.Instruction) {
	switch x := instr.(type) {
	case *ssa.Alloc:
		t.make(f, x)
	case *ssa.MakeMap:
		t.make(f, x)
	case *ssa.MakeChan:
		t.make(f, x)
	case *ssa.MakeSlice:
		t.make(f, x)
	case *ssa.MakeClosure:
		fn := x.Fn.(*ssa.Function)
		o := f.made(x)
		if o == nil {
			o = t.object(objectKey{frame: f, val: x}, func() *Object { return &Object{Kind: Closure, Frame: f, Instr: x, typ: x.Type()} })
		}
		for i, b := range x.Bindings {
			t.storeTo(Ref{Obj: o, Path: "fv:" + fn.FreeVars[i].Name()}, t.of(f, b))
		}
		t.putRef(f, x, Ref{Obj: o})
	case *ssa.MakeInterface:
		o := f.made(x)
		if o == nil {
			o = t.object(objectKey{frame: f, val: x}, func() *Object { return &Object{Kind: Boxed, Frame: f, Instr: x, typ: x.X.Type()} })
		}
		t.storeTo(Ref{Obj: o, Path: "dyn"}, t.of(f, x.X))
		t.putRef(f, x, Ref{Obj: o})
	case *ssa.TypeAssert:
		t.typeAssert(f, x)
	case *ssa.Phi:
		for _, e := range x.Edges {
			t.put(f, x, "", t.of(f, e))
		}
	case *ssa.ChangeType:
		t.put(f, x, "", t.of(f, x.X))
	case *ssa.ChangeInterface:
		t.put(f, x, "", t.of(f, x.X))
	case *ssa.Convert:
		if b, ok := x.X.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			t.make(f, x) // a string's bytes, copied
		} else if holdsPointers(x.Type()) {
			t.put(f, x, "", t.of(f, x.X))
		}
	case *ssa.MultiConvert:
		t.put(f, x, "", t.of(f, x.X))
	case *ssa.SliceToArrayPointer:
		t.put(f, x, "", t.of(f, x.X))
	case *ssa.FieldAddr:
		for _, r := range t.of(f, x.X).at("") {
			if path, ok := join(r.Path, fieldPath(x.Field)); ok {
				t.putRef(f, x, Ref{Obj: r.Obj, Path: path})
			}
		}
	case *ssa.IndexAddr:
		for _, r := range t.of(f, x.X).at("") {
			if path, ok := join(r.Path, "[?]"); ok {
				t.putRef(f, x, Ref{Obj: r.Obj, Path: path})
			}
		}
	case *ssa.Field:
		t.put(f, x, "", t.of(f, x.X).part(fieldPath(x.Field)))
	case *ssa.Index:
		t.put(f, x, "", t.of(f, x.X).part("[]"))
	case *ssa.Slice:
		t.slice(f, x)
	case *ssa.Lookup:
		for _, r := range t.of(f, x.X).at("") {
			elem := mapElem(x.X.Type())
			if elem == nil {
				continue
			}
			v := t.load(Ref{Obj: r.Obj, Path: r.Path + "[]"}, elem, f, x)
			if x.CommaOk {
				t.put(f, x, "#0", v)
			} else {
				t.put(f, x, "", v)
			}
		}
	case *ssa.MapUpdate:
		for _, r := range t.of(f, x.Map).at("") {
			t.storeTo(Ref{Obj: r.Obj, Path: r.Path + "[]"}, t.of(f, x.Value))
		}
	case *ssa.Range:
		t.put(f, x, "", t.of(f, x.X))
	case *ssa.Next:
		t.next(f, x)
	case *ssa.Extract:
		t.put(f, x, "", t.of(f, x.Tuple).part("#"+strconv.Itoa(x.Index)))
	case *ssa.UnOp:
		t.unop(f, x)
	case *ssa.Store:
		for _, r := range t.of(f, x.Addr).at("") {
			t.storeTo(r, t.of(f, x.Val))
		}
	case *ssa.Send:
		for _, r := range t.of(f, x.Chan).at("") {
			t.storeTo(Ref{Obj: r.Obj, Path: r.Path + "[]"}, t.of(f, x.X))
		}
	case *ssa.Select:
		t.selects(f, x)
	case ssa.CallInstruction:
		t.call(f, x)
	}
}

// make binds x to the object that it makes.
func (t *Tree) make(f *Frame, x ssa.Value) {
	if f.made(x) != nil {
		return
	}
	o := t.object(objectKey{frame: f, val: x}, func() *Object { return &Object{Kind: Variable, Frame: f, Instr: x, typ: x.Type()} })
	t.putRef(f, x, Ref{Obj: o})
}

func (t *Tree) typeAssert(f *Frame, x *ssa.TypeAssert) {
	prefix := ""
	if x.CommaOk {
		prefix = "#0"
	}
	_, toInterface := x.AssertedType.Underlying().(*types.Interface)
	for _, r := range t.of(f, x.X).at("") {
		switch {
		case toInterface:
			t.put(f, x, prefix, value{{"", refs{r}}})
		case r.Obj.Kind == Boxed:
			if types.Identical(r.Obj.typ, x.AssertedType) {
				t.put(f, x, prefix, f.memory(r.Obj).part("dyn"))
			}
		}
		// What an unknown interface value holds is not known either.
	}
}

// slice keeps the path of the array and notes the part that is covered.
func (t *Tree) slice(f *Frame, x *ssa.Slice) {
	for _, r := range t.of(f, x.X).at("") {
		r.part = t.subpart(r.part, f, x)
		t.putRef(f, x, r)
	}
}

// subpart is the part of an array that x covers, which slices the part whole.
func (t *Tree) subpart(whole string, f *Frame, x *ssa.Slice) string {
	if x.Low == nil && x.High == nil {
		return whole
	}
	if whole == "?" {
		return "?"
	}
	base := span{lo: bound{}, hi: end, step: 1}
	if whole != "" {
		base, _ = parseSpan(whole)
	}
	s := span{lo: bound{}, hi: end, step: 1}
	ok := true
	if x.Low != nil {
		s.lo, ok = t.bound(f, x.Low)
	}
	if ok && x.High != nil {
		s.hi, ok = t.bound(f, x.High)
	}
	if !ok {
		return "?"
	}
	if n, ok := arrayLen(x.X.Type()); ok && whole == "" && s.lo == (bound{}) && s.hi.sym == "" && s.hi.n >= int(n) {
		return whole // make([]T, n) is an array and a slice of all of it
	}
	step := one(base, s)
	if step == "[?]" {
		return "?"
	}
	return step[1 : len(step)-1]
}

func mapElem(typ types.Type) types.Type {
	if m, ok := typ.Underlying().(*types.Map); ok {
		return m.Elem()
	}
	return nil
}

func (t *Tree) next(f *Frame, x *ssa.Next) {
	if x.IsString {
		return
	}
	r, ok := x.Iter.(*ssa.Range)
	if !ok {
		return
	}
	elem := mapElem(r.X.Type())
	if elem == nil {
		return
	}
	for _, ref := range t.of(f, x.Iter).at("") {
		t.put(f, x, "#2", t.load(Ref{Obj: ref.Obj, Path: ref.Path + "[]"}, elem, f, x))
	}
}

func (t *Tree) unop(f *Frame, x *ssa.UnOp) {
	switch x.Op {
	case token.MUL:
		if !holdsPointers(x.Type()) {
			return
		}
		for _, r := range t.of(f, x.X).at("") {
			t.put(f, x, "", t.load(r, x.Type(), f, x))
		}
	case token.ARROW:
		prefix := ""
		if x.CommaOk {
			prefix = "#0"
		}
		elem := x.X.Type().Underlying().(*types.Chan).Elem()
		for _, r := range t.of(f, x.X).at("") {
			t.put(f, x, prefix, t.load(Ref{Obj: r.Obj, Path: r.Path + "[]"}, elem, f, x))
		}
	}
}

func (t *Tree) selects(f *Frame, x *ssa.Select) {
	recv := 0
	for _, s := range x.States {
		for _, r := range t.of(f, s.Chan).at("") {
			at := Ref{Obj: r.Obj, Path: r.Path + "[]"}
			if s.Dir == types.SendOnly {
				t.storeTo(at, t.of(f, s.Send))
				continue
			}
			elem := s.Chan.Type().Underlying().(*types.Chan).Elem()
			t.put(f, x, "#"+strconv.Itoa(2+recv), t.load(at, elem, f, x))
		}
		if s.Dir == types.RecvOnly {
			recv++
		}
	}
}
