package exact

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A status is how an instruction has come out.
type status uint8

const (
	goesOn status = iota
	blocked
	crashed
)

func deref(t types.Type) types.Type { return t.Underlying().(*types.Pointer).Elem() }

// noticeable reports whether the next instruction of t is a step: one by
// which goroutines can notice one another, or that can come out in more than
// one way.
func (m *search) noticeable(t *thread) bool {
	f := t.top()
	if f.native != nil {
		return f.native.noticeable(m, f)
	}
	instr := f.block.Instrs[f.pc]
	switch x := instr.(type) {
	case *ssa.Send, *ssa.Select:
		return true
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return true
		}
	case *ssa.If:
		reg, isReg := f.fn.reg[x.Cond]
		if !isReg {
			return false
		}
		_, un := f.regs[reg].(unknown)
		return un
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "close":
				return true
			case "len":
				if _, isChan := x.Call.Args[0].Type().Underlying().(*types.Chan); isChan {
					return true
				}
			}
		}
	case *ssa.RunDefers:
		if n := len(f.defers); n > 0 && f.defers[n-1].callee.builtin == "close" {
			return true
		}
	}
	return m.noticed[instr]
}

// exec runs the next instruction of t.
func (m *search) exec(s *state, t *thread, c *chooser) status {
	if m.steps++; m.steps > maxSteps {
		stop("too many steps")
	}
	f := t.top()
	if f.native != nil {
		return m.resume(s, t, f, c)
	}
	instr := f.block.Instrs[f.pc]
	switch x := instr.(type) {
	case *ssa.Jump:
		m.jump(s, f, 0)
		return goesOn
	case *ssa.If:
		return m.branch(s, f, x, c)
	case *ssa.Return:
		return m.leave(s, t, m.results(s, f, x))
	case *ssa.Panic:
		return m.panics(t)
	case *ssa.RunDefers:
		return m.runDefers(s, t, f, c)
	case *ssa.Call:
		return m.call(s, t, f, x, c)
	case *ssa.Go:
		return m.start(s, t, f, x)
	case *ssa.Defer:
		callee, args, ok := m.resolve(s, f, &x.Call)
		if !ok {
			return m.fails(t)
		}
		if m.around && callee.fn != nil && recovers(callee.fn) {
			stop("a panic of a function that is not known, which is recovered from")
		}
		f.defers = append(f.defers, deferred{callee, args, x})
	case *ssa.Send:
		return m.communicate(s, t, f, x, []chanCase{{channel: m.operand(s, f, x.Chan), send: true, val: m.operand(s, f, x.X)}}, true, c)
	case *ssa.Select:
		return m.communicate(s, t, f, x, m.cases(s, f, x), x.Blocking, c)
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return m.communicate(s, t, f, x, []chanCase{{channel: m.operand(s, f, x.X)}}, true, c)
		}
		if status := m.evaluate(s, t, f, x); status != goesOn {
			return m.fails(t)
		}
	case *ssa.Store:
		if load, ok := x.Val.(*ssa.UnOp); ok && load.Op == token.MUL && load.X == x.Addr {
			break // "return x" of a named result x, which the compiler leaves out
		}
		o, off := s.at(m.operand(s, f, x.Addr))
		if o == nil {
			return m.fails(t)
		}
		m.overwrite(o, off, x.Val.Type())
		m.store(s, t, o, off, m.operand(s, f, x.Val), x)
	case *ssa.MapUpdate:
		if !m.mapUpdate(s, t, f, x) {
			return m.fails(t)
		}
	case *ssa.DebugRef:
	case ssa.Value:
		if status := m.evaluate(s, t, f, x); status != goesOn {
			return m.fails(t)
		}
	default:
		stop("an instruction that is not known")
	}
	f.pc++
	return goesOn
}

// panics ends the process, as a panic does that nobody recovers from.
func (m *search) panics(t *thread) status {
	for _, f := range t.frames {
		if len(f.defers) > 0 {
			stop("a panic with deferred calls")
		}
	}
	return crashed
}

// fails is panics for what only a mistake does, such as to follow a nil
// pointer. No execution goes on behind that.
func (m *search) fails(t *thread) status {
	m.result.Fails = true
	return m.panics(t)
}

func (m *search) branch(s *state, f *frame, x *ssa.If, c *chooser) status {
	taken := false
	switch cond := m.operand(s, f, x.Cond).(type) {
	case bool:
		taken = cond
	case unknown:
		s.guessed = true
		taken = c.choose(2) == 0
	}
	if taken {
		m.jump(s, f, 0)
	} else {
		m.jump(s, f, 1)
	}
	return goesOn
}

// jump goes on in a successor, and gives its phis their values, all at once.
func (m *search) jump(s *state, f *frame, succ int) {
	b, pred := f.block.Succs[succ], 0
	for i, p := range b.Preds {
		if p == f.block {
			pred = i
			if succ == 0 || f.block.Succs[0] != b {
				break // else both sides lead there, and this is the second
			}
		}
	}
	var vals []value
	for _, instr := range b.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		vals = append(vals, m.operand(s, f, phi.Edges[pred]))
	}
	for i, v := range vals {
		f.regs[f.fn.reg[b.Instrs[i].(*ssa.Phi)]] = v
	}
	f.block, f.pc = b, len(vals)
}

func (f *frame) set(v ssa.Value, x value) { f.regs[f.fn.reg[v]] = x }

// operand is the value of v.
func (m *search) operand(s *state, f *frame, v ssa.Value) value {
	switch x := v.(type) {
	case *ssa.Const:
		return m.constant(x)
	case *ssa.Function:
		return &closure{fn: x}
	case *ssa.Global:
		return pointer{m.globalObject(s, x), 0}
	case *ssa.Builtin:
		return nil
	}
	return f.regs[f.fn.reg[v]]
}
