package exact

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// constant is the value of a constant.
func (m *search) constant(c *ssa.Const) value {
	if c.Value == nil {
		return m.layouts.zero(c.Type())
	}
	b, ok := c.Type().Underlying().(*types.Basic)
	if !ok {
		stop("generic code")
	}
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return constant.BoolVal(c.Value)
	case info&types.IsString != 0:
		return constant.StringVal(c.Value)
	case info&types.IsInteger != 0:
		if info&types.IsUnsigned != 0 {
			return int64(c.Uint64())
		}
		return c.Int64()
	case info&types.IsFloat != 0:
		return c.Float64()
	}
	stop("a constant that is not understood")
	return nil
}

// evaluate runs an instruction that only computes a value, or reads one. It
// returns crashed for one that panics.
func (m *search) evaluate(s *state, t *thread, f *frame, instr ssa.Value) status {
	arg := func(v ssa.Value) value { return m.operand(s, f, v) }
	switch x := instr.(type) {
	case *ssa.Alloc:
		id := m.allocate(s, m.layouts.zeros(deref(x.Type()), nil), x)
		s.heap[id].local = !x.Heap
		f.set(x, pointer{id, 0})
	case *ssa.MakeChan:
		n, ok := arg(x.Size).(int64)
		if !ok || n > maxCells {
			stop("a channel of a size that is not known")
		}
		id := m.newObject(s, 1, x)
		s.heap[id].chann = &channel{size: int(n), room: make([]clock, n)}
		f.set(x, reference{id})
	case *ssa.MakeMap:
		f.set(x, reference{m.newObject(s, 1, x)})
	case *ssa.MakeSlice:
		return m.makeSlice(s, f, x)
	case *ssa.MakeClosure:
		c := &closure{fn: x.Fn.(*ssa.Function)}
		for _, b := range x.Bindings {
			c.free = append(c.free, arg(b))
		}
		f.set(x, c)
	case *ssa.MakeInterface:
		f.set(x, boxed{x.X.Type(), arg(x.X)})
	case *ssa.ChangeType:
		f.set(x, arg(x.X))
	case *ssa.ChangeInterface:
		f.set(x, arg(x.X))
	case *ssa.BinOp:
		return m.binary(f, x, arg(x.X), arg(x.Y))
	case *ssa.UnOp:
		return m.unary(s, t, f, x, arg(x.X))
	case *ssa.Convert:
		m.readAll(s, t, arg(x.X), x)
		f.set(x, m.convert(s, arg(x.X), x.X.Type(), x.Type()))
	case *ssa.FieldAddr:
		p, ok := arg(x.X).(pointer)
		if !ok {
			return m.noPointer(arg(x.X))
		}
		f.set(x, pointer{p.obj, p.off + m.layouts.field(deref(x.X.Type()), x.Field)})
	case *ssa.Field:
		agg, ok := arg(x.X).(aggregate)
		if !ok {
			stop("a field of what is not known")
		}
		f.set(x, m.part(agg, m.layouts.field(x.X.Type(), x.Field), x.Type()))
	case *ssa.IndexAddr:
		return m.indexAddr(f, x, arg(x.X), arg(x.Index))
	case *ssa.Index:
		return m.index(f, x, arg(x.X), arg(x.Index))
	case *ssa.Slice:
		return m.slice(s, f, x)
	case *ssa.Extract:
		tup, ok := arg(x.Tuple).(tuple)
		if !ok {
			stop("results that are not known")
		}
		f.set(x, tup[x.Index])
	case *ssa.TypeAssert:
		return m.typeAssert(f, x, arg(x.X))
	case *ssa.Lookup:
		return m.lookup(s, t, f, x)
	case *ssa.Range:
		return m.rangeOver(s, t, f, x)
	case *ssa.Next:
		m.next(s, f, x)
	case *ssa.SliceToArrayPointer:
		sl, ok := arg(x.X).(slice)
		if !ok {
			stop("a conversion that is not understood")
		}
		f.set(x, pointer{sl.obj, sl.off})
	default:
		stop("an instruction that is not known")
	}
	return goesOn
}

// noPointer is what it comes to when v is followed, which is no pointer.
func (m *search) noPointer(v value) status {
	if v != nil {
		stop("a pointer that is not known")
	}
	return crashed
}

// part is the value of type typ at cell off of an aggregate.
func (m *search) part(agg aggregate, off int, typ types.Type) value {
	if !isAggregate(typ) {
		return agg[off]
	}
	n := m.layouts.cells(typ)
	return agg[off : off+n : off+n]
}

func (m *search) unary(s *state, t *thread, f *frame, x *ssa.UnOp, v value) status {
	if x.Op == token.MUL {
		o, off := s.at(v)
		if o == nil {
			return crashed
		}
		if _, isArray := x.Type().Underlying().(*types.Array); isArray && len(*x.Referrers()) == 0 {
			return goesOn // "for i := range array" does not evaluate array, which the language does not evaluate
		}
		m.idle(o, off, x.Type())
		f.set(x, m.load(s, t, o, off, m.layouts.cells(x.Type()), isAggregate(x.Type()), x))
		return goesOn
	}
	switch v := v.(type) {
	case bool:
		f.set(x, !v)
	case int64:
		if x.Op == token.XOR {
			f.set(x, wrap(^v, x.Type()))
		} else {
			f.set(x, wrap(-v, x.Type()))
		}
	case float64:
		f.set(x, -v)
	case unknown:
		f.set(x, unknown{})
	default:
		stop("an operation that is not understood")
	}
	return goesOn
}

func (m *search) indexAddr(f *frame, x *ssa.IndexAddr, base, index value) status {
	i, ok := index.(int64)
	if !ok {
		stop("an index that is not known")
	}
	switch b := base.(type) {
	case slice:
		if i < 0 || int(i) >= b.n {
			return crashed
		}
		each := m.layouts.cells(deref(x.Type()))
		f.set(x, pointer{b.obj, b.off + int(i)*each})
	case pointer:
		array := deref(x.X.Type()).Underlying().(*types.Array)
		if i < 0 || i >= array.Len() {
			return crashed
		}
		f.set(x, pointer{b.obj, b.off + int(i)*m.layouts.cells(array.Elem())})
	default:
		return m.noPointer(base)
	}
	return goesOn
}

func (m *search) index(f *frame, x *ssa.Index, base, index value) status {
	i, ok := index.(int64)
	if !ok {
		stop("an index that is not known")
	}
	switch b := base.(type) {
	case string:
		if i < 0 || int(i) >= len(b) {
			return crashed
		}
		f.set(x, int64(b[i]))
	case aggregate:
		each := m.layouts.cells(x.Type())
		if i < 0 || (int(i)+1)*each > len(b) {
			return crashed
		}
		f.set(x, m.part(b, int(i)*each, x.Type()))
	case unknown:
		f.set(x, unknown{})
	default:
		stop("an index of what is not known")
	}
	return goesOn
}

func (m *search) typeAssert(f *frame, x *ssa.TypeAssert, v value) status {
	var got value
	ok := false
	switch b := v.(type) {
	case boxed:
		if b.typ == nil {
			stop("a dynamic type that is not known")
		}
		if iface, isInterface := x.AssertedType.Underlying().(*types.Interface); isInterface {
			ok = types.Implements(b.typ, iface)
			got = b
		} else {
			ok = types.Identical(b.typ, x.AssertedType)
			got = b.val
		}
	case nil:
	default:
		stop("a dynamic type that is not known")
	}
	if !ok {
		got = m.layouts.zero(x.AssertedType)
	}
	switch {
	case x.CommaOk:
		f.set(x, tuple{got, ok})
	case !ok:
		return crashed
	default:
		f.set(x, got)
	}
	return goesOn
}
