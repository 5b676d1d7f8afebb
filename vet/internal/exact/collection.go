package exact

import (
	"go/types"
	"unicode/utf8"

	"golang.org/x/tools/go/ssa"
)

func (m *search) makeSlice(s *state, f *frame, x *ssa.MakeSlice) status {
	n, ok := m.operand(s, f, x.Len).(int64)
	room, ok2 := m.operand(s, f, x.Cap).(int64)
	if !ok || !ok2 {
		stop("a slice of a length that is not known")
	}
	if n < 0 || room < n {
		return crashed
	}
	elem := x.Type().Underlying().(*types.Slice).Elem()
	if int(room)*max(m.layouts.cells(elem), 1) > maxCells {
		stop("a large slice")
	}
	var cells []value
	for range room {
		cells = m.layouts.zeros(elem, cells)
	}
	f.set(x, slice{m.allocate(s, cells, x), 0, int(n), int(room)})
	return goesOn
}

// slice runs x[low:high:max].
func (m *search) slice(s *state, f *frame, x *ssa.Slice) status {
	bound := func(v ssa.Value, otherwise int) int {
		if v == nil {
			return otherwise
		}
		n, ok := m.operand(s, f, v).(int64)
		if !ok {
			stop("a bound that is not known")
		}
		return int(n)
	}
	switch b := m.operand(s, f, x.X).(type) {
	case string:
		low, high := bound(x.Low, 0), bound(x.High, len(b))
		if low < 0 || high < low || high > len(b) {
			return crashed
		}
		f.set(x, b[low:high])
	case slice:
		low, high, room := bound(x.Low, 0), bound(x.High, b.n), bound(x.Max, b.max)
		if low < 0 || high < low || room < high || room > b.max {
			return crashed
		}
		each := m.layouts.cells(x.Type().Underlying().(*types.Slice).Elem())
		f.set(x, slice{b.obj, b.off + low*each, high - low, room - low})
	case pointer:
		array := deref(x.X.Type()).Underlying().(*types.Array)
		n := int(array.Len())
		low, high, room := bound(x.Low, 0), bound(x.High, n), bound(x.Max, n)
		if low < 0 || high < low || room < high || room > n {
			return crashed
		}
		f.set(x, slice{b.obj, b.off + low*m.layouts.cells(array.Elem()), high - low, room - low})
	case nil:
		if bound(x.Low, 0) != 0 || bound(x.High, 0) != 0 {
			return crashed
		}
		f.set(x, nil)
	default:
		stop("a slice of what is not known")
	}
	return goesOn
}

// find is the index of key among the entries of o, or -1.
func find(o *object, key value) int {
	for i, e := range o.entries {
		same, known := equal(e.key, key)
		if !known {
			stop("a key that is not known")
		}
		if same {
			return i
		}
	}
	if _, un := key.(unknown); un {
		stop("a key that is not known")
	}
	return -1
}

func (m *search) lookup(s *state, t *thread, f *frame, x *ssa.Lookup) status {
	over, key := m.operand(s, f, x.X), m.operand(s, f, x.Index)
	if str, ok := over.(string); ok {
		i, isInt := key.(int64)
		if !isInt {
			stop("an index that is not known")
		}
		if i < 0 || int(i) >= len(str) {
			return crashed
		}
		f.set(x, int64(str[i]))
		return goesOn
	}
	elem := x.Type()
	if x.CommaOk {
		elem = elem.(*types.Tuple).At(0).Type()
	}
	found, got := -1, m.layouts.zero(elem)
	switch r := over.(type) {
	case nil:
	case reference:
		o := s.heap[r.obj]
		m.use(s, t, o, 0, x, false, false)
		if found = find(o, key); found >= 0 {
			got = m.part(o.entries[found].val, 0, elem)
		}
	default:
		stop("a map that is not known")
	}
	if x.CommaOk {
		got = tuple{got, found >= 0}
	}
	f.set(x, got)
	return goesOn
}

// mapUpdate runs m[k] = v. It reports false for a nil map.
func (m *search) mapUpdate(s *state, t *thread, f *frame, x *ssa.MapUpdate) bool {
	r, ok := m.operand(s, f, x.Map).(reference)
	if !ok {
		return false
	}
	key, v := m.operand(s, f, x.Key), m.operand(s, f, x.Value)
	cells, isAgg := v.(aggregate)
	if !isAgg {
		cells = aggregate{v}
	}
	o := s.heap[r.obj]
	m.use(s, t, o, 0, x, true, false)
	e := entry{key, cells}
	if i := find(o, key); i >= 0 {
		o.entries[i] = e
	} else if o.entries = append(o.entries, e); len(o.entries) > maxCells {
		stop("a large map")
	}
	return true
}

func (m *search) mapDelete(s *state, t *thread, v, key value, instr ssa.Instruction) bool {
	r, ok := v.(reference)
	if !ok {
		return true
	}
	o := s.heap[r.obj]
	m.use(s, t, o, 0, instr, true, false)
	if i := find(o, key); i >= 0 {
		o.entries = append(o.entries[:i:i], o.entries[i+1:]...)
	}
	return true
}

// An iterator is the state of a range over a string or a map. It is replaced,
// never changed.
type iterator struct {
	over value
	at   int
}

func (m *search) rangeOver(s *state, t *thread, f *frame, x *ssa.Range) status {
	over := m.operand(s, f, x.X)
	if r, ok := over.(reference); ok {
		o := s.heap[r.obj]
		m.use(s, t, o, 0, x, false, false)
		if len(o.entries) > 1 {
			stop("the order of a map")
		}
	}
	f.set(x, &iterator{over: over})
	return goesOn
}

func (m *search) next(s *state, f *frame, x *ssa.Next) {
	it, ok := f.regs[f.fn.reg[x.Iter]].(*iterator)
	if !ok {
		stop("a range that is not known")
	}
	types := x.Type().(*types.Tuple)
	none := tuple{false, m.zeroOf(types.At(1).Type()), m.zeroOf(types.At(2).Type())}
	switch over := it.over.(type) {
	case string:
		if it.at >= len(over) {
			f.set(x, none)
			return
		}
		r, n := utf8.DecodeRuneInString(over[it.at:])
		f.set(x, tuple{true, int64(it.at), int64(r)})
		f.set(x.Iter, &iterator{over, it.at + n})
	case reference:
		o := s.heap[over.obj]
		if it.at >= len(o.entries) {
			f.set(x, none)
			return
		}
		e := o.entries[it.at]
		val := none[2]
		if m.valid(types.At(2).Type()) {
			val = m.part(e.val, 0, types.At(2).Type())
		}
		f.set(x, tuple{true, e.key, val})
		f.set(x.Iter, &iterator{over, it.at + 1})
	default:
		f.set(x, none)
	}
}

// valid reports whether t is a type: what a range does not ask for has none.
func (m *search) valid(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return !ok || b.Kind() != types.Invalid
}

func (m *search) zeroOf(t types.Type) value {
	if !m.valid(t) {
		return nil
	}
	return m.layouts.zero(t)
}
