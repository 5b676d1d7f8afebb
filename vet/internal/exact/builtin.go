package exact

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// builtin calls a builtin function. It reports false if that panics.
func (m *search) builtin(s *state, t *thread, c callee, args []value, instr ssa.Instruction) (result value, ok bool) {
	switch c.builtin {
	case "print", "println", "ssa:deferstack":
		return nil, true
	case "ssa:wrapnilchk":
		return args[0], args[0] != nil
	case "len", "cap":
		return m.length(s, t, args[0], c.builtin == "cap", instr), true
	case "append":
		return m.append(s, t, args, c.call.Args[0].Type(), instr)
	case "copy":
		return m.copy(s, t, args, c.call.Args[0].Type(), instr)
	case "close":
		return nil, m.close(s, t, args[0], instr)
	case "delete":
		return nil, m.mapDelete(s, t, args[0], args[1], instr)
	case "clear":
		return nil, m.clear(s, t, args[0], c.call.Args[0].Type(), instr)
	case "min", "max":
		return m.extreme(args, c.builtin == "min", c.call.Args[0].Type()), true
	case "recover":
		return nil, true // nothing panics, or the search has ended
	}
	stop("the builtin " + c.builtin)
	return nil, false
}

func (m *search) length(s *state, t *thread, v value, capacity bool, instr ssa.Instruction) value {
	switch v := v.(type) {
	case nil:
		return int64(0)
	case slice:
		if capacity {
			return int64(v.max)
		}
		return int64(v.n)
	case string:
		return int64(len(v))
	case reference:
		o := s.heap[v.obj]
		if o.chann == nil {
			m.use(s, t, o, 0, instr, false, false)
			return int64(len(o.entries))
		}
		if capacity {
			return int64(o.chann.size)
		}
		return int64(len(o.chann.queue))
	case aggregate:
		return int64(len(v))
	}
	return unknown{}
}

// readAll notes that instr reads all elements of v, if it is a slice.
func (m *search) readAll(s *state, t *thread, v value, instr ssa.Instruction) {
	sl, ok := v.(slice)
	if !ok {
		return
	}
	o := s.heap[sl.obj]
	for i := range sl.n {
		if sl.off+i < len(o.cells) {
			m.use(s, t, o, sl.off+i, instr, false, false)
		}
	}
}

func (m *search) append(s *state, t *thread, args []value, typ types.Type, instr ssa.Instruction) (value, bool) {
	elem := typ.Underlying().(*types.Slice).Elem()
	each := m.layouts.cells(elem)
	base, _ := args[0].(slice)
	var more []value
	switch src := args[1].(type) {
	case nil:
		return args[0], true
	case slice:
		o := s.heap[src.obj]
		m.elements(o, src.off, src.n*each, elem, m.idle)
		for i := range src.n * each {
			m.use(s, t, o, src.off+i, instr, false, false)
			more = append(more, o.cells[src.off+i].val)
		}
	case string:
		for i := range len(src) {
			more = append(more, int64(src[i]))
		}
	default:
		stop("an append that is not understood")
	}
	n := base.n
	if each > 0 {
		n += len(more) / each
	}
	if args[0] != nil && n <= base.max {
		o := s.heap[base.obj]
		m.elements(o, base.off+base.n*each, len(more), elem, m.overwrite)
		for i, v := range more {
			at := base.off + base.n*each + i
			m.use(s, t, o, at, instr, true, false)
			o.cells[at].val = v
		}
		return slice{base.obj, base.off, n, base.max}, true
	}
	if n*max(each, 1) > maxCells {
		stop("a large slice")
	}
	room := max(n, 2*base.n)
	cells := make([]value, 0, room*each)
	if args[0] != nil {
		o := s.heap[base.obj]
		m.elements(o, base.off, base.n*each, elem, m.idle)
		for i := range base.n * each {
			m.use(s, t, o, base.off+i, instr, false, false)
			cells = append(cells, o.cells[base.off+i].val)
		}
	}
	cells = append(cells, more...)
	for len(cells) < room*each {
		cells = m.layouts.zeros(elem, cells)
	}
	made, _ := instr.(ssa.Value)
	return slice{m.allocate(s, cells, made), 0, n, room}, true
}

func (m *search) copy(s *state, t *thread, args []value, typ types.Type, instr ssa.Instruction) (value, bool) {
	dst, ok := args[0].(slice)
	if !ok {
		return int64(0), true
	}
	elem := typ.Underlying().(*types.Slice).Elem()
	each := m.layouts.cells(elem)
	var from []value
	switch src := args[1].(type) {
	case slice:
		o := s.heap[src.obj]
		m.elements(o, src.off, min(src.n, dst.n)*each, elem, m.idle)
		for i := range min(src.n, dst.n) * each {
			m.use(s, t, o, src.off+i, instr, false, false)
			from = append(from, o.cells[src.off+i].val)
		}
	case string:
		for i := range min(len(src), dst.n) {
			from = append(from, int64(src[i]))
		}
	}
	o := s.heap[dst.obj]
	m.elements(o, dst.off, len(from), elem, m.overwrite)
	for i, v := range from {
		m.use(s, t, o, dst.off+i, instr, true, false)
		o.cells[dst.off+i].val = v
	}
	return int64(len(from) / max(each, 1)), true
}

func (m *search) clear(s *state, t *thread, v value, typ types.Type, instr ssa.Instruction) bool {
	switch v := v.(type) {
	case reference:
		o := s.heap[v.obj]
		m.use(s, t, o, 0, instr, true, false)
		o.entries = nil
	case slice:
		elem := typ.Underlying().(*types.Slice).Elem()
		o, off := s.heap[v.obj], v.off
		for range v.n {
			m.overwrite(o, off, elem)
			for _, z := range m.layouts.zeros(elem, nil) {
				m.use(s, t, o, off, instr, true, false)
				o.cells[off].val = z
				off++
			}
		}
	}
	return true
}

func (m *search) extreme(args []value, least bool, typ types.Type) value {
	best := args[0]
	for _, a := range args[1:] {
		x, ok := a.(int64)
		y, ok2 := best.(int64)
		if !ok || !ok2 {
			return unknown{}
		}
		less := x < y
		if isUnsigned(typ) {
			less = uint64(x) < uint64(y)
		}
		if less == least && x != y {
			best = a
		}
	}
	return best
}
