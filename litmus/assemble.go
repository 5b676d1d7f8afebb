package litmus

import "github.com/fearless-go/fearless/internal/engine"

// An assembler makes code of a thread's statements.
type assembler struct {
	regs   []string
	code   []instr
	breaks []int  // jumps out of the innermost loop, which do not know their target yet
	ends   []int  // jumps to the end of the thread
	last   *swap  // of the await that is assembled
	cond   *Expr  // its condition
	rounds string // why the first loop that does not wait is run round by round
}

func assemble(t *Thread) (code []instr, rounds string) {
	a := &assembler{regs: t.Regs}
	a.body(t.Body)
	a.here(a.ends)
	return a.code, a.rounds
}

// emit adds an instruction and returns its place.
func (a *assembler) emit(in instr) int {
	in.risky = in.expr.mayFail() || in.exp.mayFail()
	a.code = append(a.code, in)
	return len(a.code) - 1
}

// here makes the next instruction the target of the jumps.
func (a *assembler) here(jumps []int) {
	for _, at := range jumps {
		a.code[at].target = len(a.code)
	}
}

func (a *assembler) body(body []Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			a.emit(instr{op: opSet, reg: s.Reg, expr: &s.Expr})
		case Load:
			a.emit(instr{op: opLoad, reg: s.Reg, loc: s.Var, at: s.At, order: s.Order})
		case Store:
			a.emit(instr{op: opStore, loc: s.Var, at: s.At, expr: &s.Expr, order: s.Order})
		case Update:
			in := instr{
				op: opUpdate, reg: s.Old, done: -1, loc: s.Var, at: s.At, expr: &s.Arg,
				update: engine.Update{Op: s.Op, Order: s.Order, Fail: engine.Relaxed},
			}
			if a.last.is(&s) {
				in.swap, in.cond = a.last, a.cond
			}
			a.emit(in)
		case CompareExchange:
			a.emit(instr{
				op: opUpdate, reg: s.Old, done: s.Done, loc: s.Var, at: s.At, expr: &s.Arg, exp: &s.Expected,
				update: engine.Update{Op: engine.OpCAS, Order: s.Order, Fail: s.Fail, Weak: s.Weak},
			})
		case Fence:
			a.emit(instr{op: opFence, order: s.Order})
		case If:
			branch := a.emit(instr{op: opJumpUnless, expr: &s.Cond})
			a.body(s.Then)
			if len(s.Else) > 0 {
				over := a.emit(instr{op: opJump})
				a.here([]int{branch})
				a.body(s.Else)
				branch = over
			}
			a.here([]int{branch})
		case While:
			a.loop(&s)
		case Break:
			a.breaks = append(a.breaks, a.emit(instr{op: opJump}))
		case Return:
			a.ends = append(a.ends, a.emit(instr{op: opJump}))
		}
	}
}

func (a *assembler) loop(s *While) {
	done, last, ok := s.awaits(func(r int) bool { return a.regs[r] != hidden })
	if ok {
		a.await(s, done, last)
		return
	}
	if a.rounds == "" {
		a.rounds = s.rounds()
	}
	outer := a.breaks
	a.breaks = nil
	head := len(a.code)
	a.body(s.Eval)
	a.breaks = append(a.breaks, a.emit(instr{op: opJumpUnless, expr: &s.Cond}))
	a.body(s.Body)
	a.emit(instr{op: opJump, target: head})
	a.here(a.breaks)
	a.breaks = outer
}

func (a *assembler) await(s *While, done []int, last *swap) {
	branch := -1
	if len(s.Body) > 0 || races(s.Eval) { // the first condition may end it before it waits
		a.body(s.Eval)
		branch = a.emit(instr{op: opJumpUnless, expr: &s.Cond})
	}
	a.last, a.cond = last, &s.Cond
	head := len(a.code)
	for _, r := range done { // a round may come by without it
		a.emit(instr{op: opSet, reg: r, expr: &Expr{}})
	}
	if last != nil {
		a.emit(instr{op: opSet, reg: last.Old, expr: &last.Arg})
	}
	a.body(s.Body)
	a.body(s.Eval)
	a.emit(instr{op: opWaitUnless, expr: &s.Cond, target: head, wrote: done, swap: last})
	if branch >= 0 {
		a.here([]int{branch})
	}
	a.last = nil
}
