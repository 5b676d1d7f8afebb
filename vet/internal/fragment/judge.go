package fragment

import "slices"

// A Verdict is what every interleaving of a program shows.
type Verdict struct {
	Race     bool // two accesses that nothing orders, in some execution
	Deadlock bool // some execution ends with a goroutine that waits for good
	Panic    bool // some execution panics, or ends the process
	Complete bool // all were run; false if there were more than the limit
}

// Judge runs the program in every interleaving of its steps, and stops at the
// first race. Races are found by vector clocks, with the happens-before of
// go.dev/ref/mem; a goroutine's own count grows when it releases something, so
// that a loop that only waits comes back to a state that is known. maxStates
// limits how many states are looked at.
func Judge(p *Program, maxStates int) Verdict {
	j := &judge{vars: map[*Var]int{}, base: map[*Var]int{}}
	j.main = j.block(p.Main, nil, 0)
	s := &state{}
	for i, v := range p.Vars {
		j.vars[v], j.base[v] = i, len(s.memory)
		o := object{n: v.Init}
		if v.Kind == Chan {
			o.room = make([]clock, v.Size)
			o.n = 0
		}
		s.objects = append(s.objects, o)
		if v.Kind <= Record {
			for range 3 {
				s.memory = append(s.memory, cell{n: v.Init})
			}
		}
	}
	s.threads = []thread{{block: j.main, clock: clock{1}}}
	j.settle(s, 0)
	seen := map[string]bool{}
	work := []*state{s}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		key := s.key()
		if seen[key] {
			continue
		}
		if len(seen) >= maxStates {
			return j.verdict
		}
		seen[key] = true
		next, panicked := j.successors(s)
		switch {
		case j.race:
			return Verdict{Race: true}
		case panicked:
			j.verdict.Panic = true
		case len(next) == 0 && !s.ended(j):
			j.verdict.Deadlock = true
		}
		work = append(work, next...)
	}
	j.verdict.Complete = true
	return j.verdict
}

type judge struct {
	compiler
	main    int
	vars    map[*Var]int // index of its object
	base    map[*Var]int // index of its first cell
	verdict Verdict
	race    bool
}

// A clock says, for each goroutine, how much of it has happened before.
type clock []uint8

func (c clock) at(thread int) uint8 {
	if thread < len(c) {
		return c[thread]
	}
	return 0
}

// join returns what is in c or d.
func (c clock) join(d clock) clock {
	out := slices.Clone(c)
	for i, n := range d {
		if i >= len(out) {
			out = append(out, 0)
		}
		out[i] = max(out[i], n)
	}
	return out
}

// A state is all there is between two steps.
type state struct {
	threads []thread
	memory  []cell
	objects []object
}

type thread struct {
	block, pc int
	regs      [registers]int8
	clock     clock
}

// A cell is a place, with the last accesses of each goroutine to it.
type cell struct {
	n      int
	writes clock
	reads  clock
}

// An object is what a variable that orders holds.
type object struct {
	n      int // counter, value; Mutex: 1 if locked; readers of an RWMutex
	writer bool
	closed bool
	clock  clock   // what an acquire learns
	shared clock   // of an RWMutex: what its readers have released
	queue  []clock // of a channel: one for each value in it
	room   []clock // one for each value that it has room for
}

func (s *state) clone() *state {
	c := &state{slices.Clone(s.threads), slices.Clone(s.memory), slices.Clone(s.objects)}
	for i := range c.objects {
		c.objects[i].queue = slices.Clone(c.objects[i].queue)
		c.objects[i].room = slices.Clone(c.objects[i].room)
	}
	return c // clocks are never changed in place
}

// key is the state as a string: equal states have the same.
func (s *state) key() string {
	var b []byte
	clocks := func(list ...clock) {
		for _, c := range list {
			b = append(append(b, byte(len(c))), c...)
		}
	}
	for _, t := range s.threads {
		b = append(b, byte(t.block), byte(t.pc))
		for _, r := range t.regs {
			b = append(b, byte(r))
		}
		clocks(t.clock)
	}
	for _, m := range s.memory {
		b = append(b, byte(m.n))
		clocks(m.writes, m.reads)
	}
	for _, o := range s.objects {
		b = append(b, byte(o.n), bit(o.writer), bit(o.closed), byte(len(o.queue)), byte(len(o.room)))
		clocks(o.clock, o.shared)
		clocks(o.queue...)
		clocks(o.room...)
	}
	return string(b)
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// ended reports whether all goroutines of s have.
func (s *state) ended(j *judge) bool {
	for i := range s.threads {
		if j.at(s, i).kind != stop {
			return false
		}
	}
	return true
}

// at is the next instr of thread i.
func (j *judge) at(s *state, i int) *instr {
	t := &s.threads[i]
	return &j.blocks[t.block][t.pc]
}

// successors are the states after one step of any goroutine. A step that
// panics has none.
func (j *judge) successors(s *state) (next []*state, panicked bool) {
	for i := range s.threads {
		in := j.at(s, i)
		if in.kind == stop {
			continue
		}
		for _, n := range j.step(s, i, in) {
			if n.crashed() {
				panicked = true
			} else {
				next = append(next, n)
			}
		}
	}
	return next, panicked
}

// crashed reports whether the step to s was a panic.
func (s *state) crashed() bool {
	return slices.ContainsFunc(s.objects, func(o object) bool { return o.n == crash })
}

// settle runs the instrs of thread i that no other goroutine can notice.
func (j *judge) settle(s *state, i int) {
	t := &s.threads[i]
	for {
		in := j.at(s, i)
		switch {
		case in.kind == jump:
			t.pc = in.to
		case in.kind == loopBegin:
			t.regs[in.reg] = -1
			t.pc++
		case in.kind == loopNext:
			t.regs[in.reg]++
			if t.pc++; int(t.regs[in.reg]) >= in.n {
				t.pc = in.to
			}
		case in.kind == branch && in.cond.Test == IsReg:
			hit := int(t.regs[in.cond.Reg]) == in.cond.Old
			if t.pc++; hit == in.cond.Not {
				t.pc = in.to
			}
		default:
			return
		}
	}
}

// access notes an access to memory by thread i, and whether it races.
func (j *judge) access(s *state, i, at int, write bool) {
	t, m := &s.threads[i], &s.memory[at]
	for u := range s.threads {
		if u != i && (m.writes.at(u) > t.clock.at(u) || write && m.reads.at(u) > t.clock.at(u)) {
			j.race = true
		}
	}
	mine := make(clock, i+1)
	mine[i] = t.clock[i]
	if write {
		m.writes = m.writes.join(mine)
	} else {
		m.reads = m.reads.join(mine)
	}
}

// cellOf is the memory that a place means for t, whose loop variable is in reg.
func (j *judge) cellOf(at Place, t *thread, reg int) int {
	if at.ByLoop {
		return j.base[at.Var] + int(t.regs[reg])
	}
	return j.base[at.Var] + at.Sub
}

// acquire: t knows what c knows.
func (t *thread) acquire(c clock) { t.clock = t.clock.join(c) }

// release returns what t knows; what it does from now on is not in it.
func (t *thread) release(i int) clock {
	c := t.clock
	t.clock = slices.Clone(c)
	t.clock[i]++
	return c
}
