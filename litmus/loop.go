package litmus

// breakable reads the body of a loop.
func (p *parser) breakable() []Stmt {
	p.loops++
	defer func() { p.loops-- }()
	return p.unskipped(p.block())
}

// whileLoop reads while (c) body.
func (p *parser) whileLoop() {
	at := p.step()
	eval, cond := p.loopCondition()
	p.loop(at, While{eval, cond, p.breakable()})
}

// doLoop reads do body while (c);
func (p *parser) doLoop() {
	at := p.step()
	body := p.breakable()
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
	defer p.scope()()
	at := p.step()
	p.want("(")
	switch _, found := p.typeName(true); {
	case found:
		p.declaration()
	case !p.accept(";"):
		p.simples()
		p.want(";")
	}
	var eval []Stmt
	cond := Number(1)
	if !p.is(";") {
		eval, cond = p.within(p.sequence)
	}
	p.want(";")
	var step []Stmt
	if !p.is(")") {
		step, _ = p.within(func() Expr { p.simples(); return Expr{} })
	}
	p.want(")")
	p.loop(at, While{eval, cond, append(p.breakable(), step...)})
}

func (p *parser) loopCondition() (eval []Stmt, cond Expr) {
	p.want("(")
	eval, cond = p.within(p.sequence)
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
	p.emit(w.settled())
}

// settled is the loop with its condition at the end, if it is one without end
// but for a last "if (c) break;".
func (w While) settled() While {
	last := len(w.Body) - 1
	if len(w.Eval) > 0 || w.Cond.Op != "" || w.Cond.Num == 0 || last < 0 {
		return w
	}
	branch, ok := w.Body[last].(If)
	if !ok || len(branch.Else) > 0 || len(branch.Then) != 1 || branch.Then[0] != (Stmt)(Break{}) || breaks(w.Body[:last]) {
		return w
	}
	return While{Eval: w.Body[:last], Cond: Expr{Op: "!", Right: &branch.Cond}}
}

// breaks reports whether body has a Break of the loop around it.
func breaks(body []Stmt) bool {
	for _, s := range body {
		switch s := s.(type) {
		case Break:
			return true
		case If:
			if breaks(s.Then) || breaks(s.Else) {
				return true
			}
		}
	}
	return false
}
