package exact

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

func (m *search) newObject(s *state, cells int, made ssa.Value) int {
	s.heap = append(s.heap, &object{cells: make([]cell, cells), made: made})
	return len(s.heap) - 1
}

// allocate makes an object that holds the zero value of typ, n times.
func (m *search) allocate(s *state, zeros []value, made ssa.Value) int {
	id := m.newObject(s, len(zeros), made)
	for i, z := range zeros {
		s.heap[id].cells[i].val = z
	}
	return id
}

// at is the object and the first cell that a pointer means, or a nil object.
func (s *state) at(p value) (o *object, off int) {
	switch p := p.(type) {
	case pointer:
		return s.heap[p.obj], p.off
	case nil:
		return nil, 0
	}
	stop("a pointer that is not known")
	return nil, 0
}

// use notes that t accesses a cell, and the races of that.
func (m *search) use(s *state, t *thread, o *object, off int, instr ssa.Instruction, write, atomic bool) {
	if o.local {
		return
	}
	c := &o.cells[off]
	id := int32(m.access(instr))
	mine := -1
	for i, u := range c.uses {
		if u.thread == int32(t.index) {
			if u.access == id && u.write == write {
				mine = i
			}
			continue
		}
		if (u.write || write) && !(u.atomic && atomic) && t.clock.at(int(u.thread)) < u.epoch {
			m.noteRace(s, t, o, off, instr, write, atomic, u)
		}
	}
	now := use{int32(t.index), id, t.clock[t.index], write, atomic, s.guessed}
	if mine >= 0 {
		c.uses[mine] = now
		return
	}
	c.uses = append(slices.Clip(c.uses), now)
}

// load reads n cells as a value.
func (m *search) load(s *state, t *thread, o *object, off, n int, whole bool, instr ssa.Instruction) value {
	if off < 0 || off+n > len(o.cells) {
		stop("an access beyond its object")
	}
	for i := range n {
		m.use(s, t, o, off+i, instr, false, false)
	}
	if !whole {
		return o.cells[off].val
	}
	out := make(aggregate, n)
	for i := range n {
		out[i] = o.cells[off+i].val
	}
	return out
}

// store writes a value.
func (m *search) store(s *state, t *thread, o *object, off int, v value, instr ssa.Instruction) {
	cells, ok := v.(aggregate)
	if !ok {
		cells = aggregate{v}
	}
	if off < 0 || off+len(cells) > len(o.cells) {
		stop("an access beyond its object")
	}
	for i, x := range cells {
		m.use(s, t, o, off+i, instr, true, false)
		o.cells[off+i].val = x
	}
}

// globalObject is the object of a package variable.
func (m *search) globalObject(s *state, g *ssa.Global) int {
	for _, have := range s.globals {
		if have.g == g {
			return have.obj
		}
	}
	if g.Pkg != m.root.Pkg {
		stop("a variable of another package")
	}
	if _, ok := m.globalIDs[g]; !ok {
		m.globalIDs[g] = len(m.globalIDs)
	}
	id := m.allocate(s, m.layouts.zeros(deref(g.Type()), nil), g)
	s.globals = append(s.globals, global{g, id})
	return id
}

// initialise gives the variables of root's package their first values, by
// running the package's init functions, if root can come to use any of them.
func (m *search) initialise(s *state, t *thread) {
	used := m.mentioned()
	initial := m.root.Pkg.Func("init")
	if len(used) == 0 || initial == nil {
		return
	}
	m.tolerant = true
	m.enter(t, callee{fn: initial}, nil)
	for n := 0; len(t.frames) > 0; n++ {
		if n > maxLocal || len(s.threads) > 1 {
			stop("package initialisation that is not understood")
		}
		var c chooser
		if status := m.exec(s, t, &c); status == blocked || status == crashed || len(c.picked) > 0 {
			stop("package initialisation that is not understood")
		}
	}
	m.tolerant = false
	s.globals = slices.DeleteFunc(s.globals, func(g global) bool { return !used[g.g] })
	for _, o := range s.heap {
		for i := range o.cells {
			o.cells[i].uses = nil // before everything
		}
	}
}

// mentioned are the variables of root's package that root, or what it can
// come to call, names.
func (m *search) mentioned() map[*ssa.Global]bool {
	used := map[*ssa.Global]bool{}
	seen := map[*ssa.Function]bool{}
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		var operands [12]*ssa.Value
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && call.Common().IsInvoke() {
					for _, member := range methodsOf(fn.Pkg) {
						visit(member)
					}
				}
				for _, op := range instr.Operands(operands[:0]) {
					switch x := (*op).(type) {
					case *ssa.Global:
						used[x] = true
					case *ssa.Function:
						visit(x)
					}
				}
			}
		}
	}
	visit(m.root)
	return used
}
