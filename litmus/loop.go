package litmus

// whileLoop reads while (c) body.
func (p *parser) whileLoop() {
	at := p.step()
	eval, cond := p.loopCondition()
	p.loop(at, While{eval, cond, p.block()})
}

// doLoop reads do body while (c);
func (p *parser) doLoop() {
	at := p.step()
	body := p.block()
	if !p.is("while") {
		p.expected(`"while"`)
	}
	p.step()
	eval, cond := p.loopCondition()
	p.want(";")
	p.loop(at, While{append(body, eval...), cond, nil})
}

// forLoop reads for (init; c; step) body.
func (p *parser) forLoop() {
	at := p.step()
	p.want("(")
	switch _, found := p.typeName(true); {
	case found:
		p.declaration()
	case !p.accept(";"):
		p.simple()
		p.want(";")
	}
	var eval []Stmt
	cond := Number(1)
	if !p.is(";") {
		eval, cond = p.within(p.expr)
	}
	p.want(";")
	var step []Stmt
	if !p.is(")") {
		step, _ = p.within(func() Expr { p.simple(); return Expr{} })
	}
	p.want(")")
	p.loop(at, While{eval, cond, append(p.block(), step...)})
}

func (p *parser) loopCondition() (eval []Stmt, cond Expr) {
	p.want("(")
	eval, cond = p.within(p.expr)
	p.want(")")
	return eval, cond
}

// within reads an expression and returns the statements that its memory
// operations have become.
func (p *parser) within(read func() Expr) (eval []Stmt, e Expr) {
	outer := p.body
	p.body = &eval
	e = read()
	p.body = outer
	return eval, e
}

func (p *parser) loop(at token, w While) {
	if len(w.Eval) == 0 && len(w.Body) == 0 {
		p.fail(at.line, at.col, "this loop does nothing and does not end: expected a condition that reads shared memory, or a body")
	}
	p.emit(w)
}

// awaits reports whether the loop is an await: no round that repeats does
// anything that another thread, or a later round, could notice, unless one of
// the compare-exchanges whose success done names took effect. A last round
// that is the only one stands for all of them, because a thread that reads the
// value that it waits for could have read it at once.
func (w *While) awaits(named func(reg int) bool) (done []int, ok bool) {
	a := await{named: named, set: make(map[int]bool)}
	a.collect(w.Body)
	a.collect(w.Eval)
	known := make(map[int]bool)
	ok = a.loads && a.independent(w.Body, known, false) && a.independent(w.Eval, known, false) && a.knows(&w.Cond, known)
	return a.done, ok
}

// An await is what is known of a loop's registers.
type await struct {
	named func(reg int) bool // the states show it
	set   map[int]bool       // the loop sets it
	loads bool
	done  []int // its compare-exchanges' success
}

func (a *await) collect(body []Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			a.set[s.Reg] = true
		case Load:
			a.set[s.Reg], a.loads = true, true
		case CompareExchange:
			a.set[s.Old], a.set[s.Done], a.loads = true, true, true
			a.done = append(a.done, s.Done)
		case If:
			a.collect(s.Then)
			a.collect(s.Else)
		}
	}
}

// independent reports whether body only reads, whatever registers it uses have
// been set in the same round, and what the states show is set in each round.
func (a *await) independent(body []Stmt, known map[int]bool, branch bool) bool {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			if !a.knows(&s.Expr, known) || branch && a.named(s.Reg) && !known[s.Reg] {
				return false
			}
			known[s.Reg] = true
		case Load:
			if branch && a.named(s.Reg) && !known[s.Reg] {
				return false
			}
			known[s.Reg] = true
		case CompareExchange: // where it fails it only reads
			if branch || !a.knows(&s.Expected, known) || !a.knows(&s.Arg, known) {
				return false
			}
			known[s.Old], known[s.Done] = true, true
		case If:
			if !a.knows(&s.Cond, known) {
				return false
			}
			for _, part := range [][]Stmt{s.Then, s.Else} {
				inside := make(map[int]bool)
				for r := range known {
					inside[r] = true
				}
				if !a.independent(part, inside, true) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// knows reports whether e uses no register of a former round.
func (a *await) knows(e *Expr, known map[int]bool) bool {
	if e == nil {
		return true
	}
	if e.Op == "reg" {
		return known[e.Reg] || !a.set[e.Reg]
	}
	return a.knows(e.Left, known) && a.knows(e.Right, known)
}
