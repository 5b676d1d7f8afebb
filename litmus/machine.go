package litmus

import (
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
)

// A machine runs a program's threads on the engine: each thread is code for a
// machine of registers, so that no goroutine is needed.
type machine struct {
	code   [][]instr
	thread []state
	stuck  bool // a thread computed for too long without an operation
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
	target int   // of a jump, and where an await goes on that has written
	wrote  []int // await: the registers that say so
	expr   *Expr
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

// maxSteps bounds what a thread does between two operations.
const maxSteps = 1 << 16

func newMachine(p *Program) *machine {
	m := &machine{}
	for i := range p.Threads {
		t := &p.Threads[i]
		m.code = append(m.code, assemble(nil, t.Body, t.Regs))
		m.thread = append(m.thread, state{regs: make([]int64, len(t.Regs)), set: make([]bool, len(t.Regs))})
	}
	return m
}

func assemble(code []instr, body []Stmt, regs []string) []instr {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			code = append(code, instr{op: opSet, reg: s.Reg, expr: &s.Expr})
		case Load:
			code = append(code, instr{op: opLoad, reg: s.Reg, loc: s.Var, order: s.Order})
		case Store:
			code = append(code, instr{op: opStore, loc: s.Var, expr: &s.Expr, order: s.Order})
		case Update:
			code = append(code, instr{
				op: opUpdate, reg: s.Old, done: -1, loc: s.Var, expr: &s.Arg,
				update: engine.Update{Op: s.Op, Order: s.Order},
			})
		case CompareExchange:
			code = append(code, instr{
				op: opUpdate, reg: s.Old, done: s.Done, loc: s.Var, expr: &s.Arg, exp: &s.Expected,
				update: engine.Update{Op: engine.OpCAS, Order: s.Order, Fail: s.Fail, Weak: s.Weak},
			})
		case Fence:
			code = append(code, instr{op: opFence, order: s.Order})
		case If:
			branch := len(code)
			code = append(code, instr{op: opJumpUnless, expr: &s.Cond})
			code = assemble(code, s.Then, regs)
			if len(s.Else) > 0 {
				over := len(code)
				code = append(code, instr{op: opJump})
				code[branch].target = len(code)
				code = assemble(code, s.Else, regs)
				branch = over
			}
			code[branch].target = len(code)
		case While:
			if done, ok := s.awaits(func(r int) bool { return regs[r] != hidden }); ok {
				branch := -1
				if len(s.Body) > 0 { // the first condition may end it before it waits
					code = assemble(code, s.Eval, regs)
					branch = len(code)
					code = append(code, instr{op: opJumpUnless, expr: &s.Cond})
				}
				head := len(code)
				code = assemble(code, s.Body, regs)
				code = assemble(code, s.Eval, regs)
				code = append(code, instr{op: opWaitUnless, expr: &s.Cond, target: head, wrote: done})
				if branch >= 0 {
					code[branch].target = len(code)
				}
				continue
			}
			head := len(code)
			code = assemble(code, s.Eval, regs)
			branch := len(code)
			code = append(code, instr{op: opJumpUnless, expr: &s.Cond})
			code = assemble(code, s.Body, regs)
			code = append(code, instr{op: opJump, target: head})
			code[branch].target = len(code)
		}
	}
	return code
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
	s, code := &m.thread[t], m.code[t]
	for steps := 0; s.pc < len(code); steps++ {
		if steps > maxSteps {
			m.stuck = true
			return false
		}
		in := &code[s.pc]
		ok := true
		switch in.op {
		case opSet:
			s.assign(in.reg, in.expr.eval(s.regs))
		case opLoad:
			var v uint64
			if v, ok = ops.Load(in.loc, in.order); ok {
				s.assign(in.reg, int64(v))
			}
		case opStore:
			ok = ops.Store(in.loc, uint64(in.expr.eval(s.regs)), in.order)
		case opUpdate:
			ok = s.update(in, ops)
		case opFence:
			ok = ops.Fence(in.order)
		case opJump:
			s.pc = in.target - 1
		case opWaitUnless:
			if in.expr.eval(s.regs) == 0 {
				break
			}
			if ok = slices.ContainsFunc(in.wrote, func(r int) bool { return s.regs[r] != 0 }); ok {
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
		s.pc++
	}
	return true
}

func (s *state) update(in *instr, ops *engine.Ops) bool {
	u := in.update
	u.Arg = uint64(in.expr.eval(s.regs))
	if in.exp != nil {
		u.Expected = uint64(in.exp.eval(s.regs))
	}
	old, done, ok := ops.Update(in.loc, &u)
	if !ok {
		return false
	}
	s.assign(in.reg, int64(old))
	if in.done >= 0 {
		s.assign(in.done, truth(done))
	}
	return true
}

func (s *state) assign(reg int, v int64) {
	s.regs[reg], s.set[reg] = v, true
}
