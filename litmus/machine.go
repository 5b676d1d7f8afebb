package litmus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

// A machine runs a program's threads on the engine: each thread is code for a
// machine of registers, so that no goroutine is needed.
type machine struct {
	code   [][]instr
	thread []state
	rounds []string // of each thread: why a loop of its is run round by round, "" if none is
	prog   *Program
	failed error // why a thread cannot go on at all
}

type state struct {
	pc   int
	regs []int64
	set  []bool // which registers the thread has set in this run
}

// An instr is one step of a thread.
type instr struct {
	op     opcode
	reg    int
	done   int
	loc    int
	at     *Index
	target int   // of a jump, and where an await goes on that has written
	wrote  []int // await: the registers that say so
	swap   *swap // of an await, and of the exchange that it ends with
	cond   *Expr // of that exchange: when the loop goes round
	expr   *Expr
	risky  bool // expr or exp may be undefined
	update engine.Update
	exp    *Expr
	order  engine.Order
}

type opcode uint8

const (
	opSet opcode = iota
	opLoad
	opStore
	opUpdate
	opFence
	opJump
	opJumpUnless
	opWaitUnless // an await whose condition does not hold: the thread waits
)

// maxSteps bounds what a thread does between two operations, besides going
// through its code once.
const maxSteps = 1 << 16

func newMachine(p *Program) *machine {
	m := &machine{prog: p}
	for i := range p.Threads {
		t := &p.Threads[i]
		code, rounds := assemble(t)
		m.code, m.rounds = append(m.code, code), append(m.rounds, rounds)
		m.thread = append(m.thread, state{regs: make([]int64, len(t.Regs)), set: make([]bool, len(t.Regs))})
	}
	return m
}

// Reset implements engine.Machine.
func (m *machine) Reset() {
	for i := range m.thread {
		m.thread[i].pc = 0
		clear(m.thread[i].regs)
		clear(m.thread[i].set)
	}
}

// Step implements engine.Machine.
func (m *machine) Step(t int, ops *engine.Ops) (over bool) {
	if m.failed != nil {
		return false
	}
	s, code := &m.thread[t], m.code[t]
	for steps := 0; s.pc < len(code); steps++ {
		if steps > maxSteps+len(code) {
			m.failed = &LimitError{m.prog.Name, fmt.Errorf("thread %d computed %d steps without a memory operation: does it loop for ever?", t, maxSteps)}
			return false
		}
		in := &code[s.pc]
		loc, ok := in.loc, true
		if in.at != nil {
			i := in.at.Expr.eval(s.regs)
			if i < 0 || i >= int64(in.at.Len) {
				m.failed = &IndexError{m.prog.Name, t, strings.TrimSuffix(m.prog.Vars[loc].Name, "[0]"), i, in.at.Len}
				return false
			}
			loc += int(i)
		}
		if in.risky && m.undefined(t, in) {
			return false
		}
		switch in.op {
		case opSet:
			v := in.expr.eval(s.regs)
			if !m.fits(t, in, m.prog.Threads[t].types[in.reg], v) {
				return false
			}
			s.assign(in.reg, v)
		case opLoad:
			var v uint64
			if v, ok = ops.Load(loc, in.order); ok {
				s.assign(in.reg, int64(v))
			}
		case opStore:
			v := in.expr.eval(s.regs)
			if !m.fits(t, in, m.prog.Vars[loc].typ, v) {
				return false
			}
			ok = ops.Store(loc, uint64(v), in.order)
		case opUpdate:
			ok = m.update(t, in, loc, ops)
		case opFence:
			ok = ops.Fence(in.order)
		case opJump:
			s.pc = in.target - 1
		case opWaitUnless:
			if in.expr.eval(s.regs) == 0 {
				break
			}
			ok = slices.ContainsFunc(in.wrote, func(r int) bool { return s.regs[r] != 0 }) || in.swap != nil && in.swap.changed(s.regs)
			if ok {
				s.pc = in.target - 1
			}
		case opJumpUnless:
			if in.expr.eval(s.regs) == 0 {
				s.pc = in.target - 1
			}
		}
		if !ok {
			return false
		}
		switch in.op {
		case opLoad, opStore, opUpdate, opFence:
			steps = 0 // these are bounded by the events of an execution
		}
		s.pc++
	}
	return true
}

// undefined reports whether an expression of the instruction has no value.
func (m *machine) undefined(t int, in *instr) bool {
	for _, e := range []*Expr{in.expr, in.exp} {
		if at, err := e.fault(m.thread[t].regs); err != nil {
			m.failed = &ValueError{m.prog.Name, t, at.at.line, at.at.col, err}
			return true
		}
	}
	return false
}

// fits reports whether the type has the value that the instruction computed.
func (m *machine) fits(t int, in *instr, typ ctype, v int64) bool {
	if typ.fits(v) {
		return true
	}
	m.failed = &ValueError{m.prog.Name, t, in.expr.at.line, in.expr.at.col, typ.misfit(v)}
	return false
}

func (m *machine) update(t int, in *instr, loc int, ops *engine.Ops) bool {
	s := &m.thread[t]
	u := in.update
	u.Arg = uint64(in.expr.eval(s.regs))
	if in.exp != nil {
		u.Expected = uint64(in.exp.eval(s.regs))
	}
	if in.swap != nil && in.swap.repeats(in.cond, s.regs) {
		// It would only come here again: it waits for another value.
		u.Op, u.Expected = engine.OpUnless, u.Arg
	}
	old, done, ok := ops.Update(loc, &u)
	if !ok || done && !m.fits(t, in, m.prog.Vars[loc].typ, updated(u.Op, int64(old), int64(u.Arg))) {
		return false
	}
	s.assign(in.reg, int64(old))
	if in.done >= 0 {
		s.assign(in.done, truth(done))
	}
	return true
}

// updated is what an update writes over old.
func updated(op engine.Op, old, arg int64) int64 {
	switch op {
	case engine.OpAdd:
		return old + arg
	case engine.OpSub:
		return old - arg
	case engine.OpAnd:
		return old & arg
	case engine.OpOr:
		return old | arg
	case engine.OpXor:
		return old ^ arg
	}
	return arg
}

func (s *state) assign(reg int, v int64) {
	s.regs[reg], s.set[reg] = v, true
}

// endless names the threads whose loops may be why an execution does not end.
func (m *machine) endless() string {
	var b strings.Builder
	for t, why := range m.rounds {
		if why != "" {
			fmt.Fprintf(&b, "; a loop of thread %d is run round by round, because %s", t, why)
		}
	}
	return b.String()
}
