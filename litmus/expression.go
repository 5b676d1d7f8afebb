package litmus

// binding is how tightly C's binary operators bind.
var binding = map[string]int{
	"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, "<=": 7, ">": 7, ">=": 7,
	"<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
}

// expr reads an expression. The memory operations in it become statements
// before the one that it stands in, from left to right.
func (p *parser) expr() (e Expr) {
	p.enter()
	defer p.leave()
	defer func(at position) {
		if e.at == (position{}) {
			e.at = at
		}
	}(position{p.tok.line, p.tok.col})
	if p.tok.kind == tName && p.assigns() {
		n := p.step()
		if p.shared[n.text] {
			p.fail(n.line, n.col, "%v is a pointer to a shared variable: expected *%s", n, n.text)
		}
		r := p.thread.register(n.text)
		p.assignment(target{reg: r})
		return Register(r)
	}
	cond := p.binary(1)
	if !p.accept("?") {
		return cond
	}
	t := p.temp()
	branch := If{Cond: cond}
	branch.Then = p.valued(t)
	p.want(":")
	branch.Else = p.valued(t)
	p.emit(branch)
	return Register(t)
}

// valued reads an expression into statements that give t its value.
func (p *parser) valued(t int) []Stmt {
	body, e := p.within(p.expr)
	return append(body, Set{t, e})
}

// sequence reads expressions with commas between, and returns the last.
func (p *parser) sequence() Expr {
	e := p.expr()
	for p.accept(",") {
		e = p.expr()
	}
	return e
}

// assigns reports whether = or a compound assignment follows this token.
func (p *parser) assigns() bool {
	ahead := p.lexer
	next := ahead.next()
	return next.kind == tPunct && (next.text == "=" || assigning(next.text))
}

func (p *parser) binary(least int) Expr {
	p.enter()
	defer p.leave()
	left := p.unary()
	for p.tok.kind == tPunct {
		op := p.tok.text
		b := binding[op]
		if b == 0 || b < least {
			break
		}
		at := p.step()
		if op == "&&" || op == "||" {
			left = p.shortCircuit(op, left, b)
			continue
		}
		left = p.operation(at, op, left, p.binary(b+1))
	}
	return left
}

// operation is the binary operator that stands at the token, if C defines it for
// what is known of its operands.
func (p *parser) operation(at token, op string, l, r Expr) Expr {
	if v, ok := r.constant(); ok {
		if err := undefined(op, v); err != nil {
			p.fail(at.line, at.col, "%w", err)
		}
	}
	return Expr{Op: op, Left: &l, Right: &r, at: position{at.line, at.col}}
}

// shortCircuit reads the right operand of && or ||, whose memory operations
// run only if the left one does not decide.
func (p *parser) shortCircuit(op string, l Expr, b int) Expr {
	var body []Stmt
	outer := p.body
	p.body = &body
	r := p.binary(b + 1)
	p.body = outer
	if len(body) == 0 {
		return Expr{Op: op, Left: &l, Right: &r}
	}
	zero := Number(0)
	t := p.temp()
	p.emit(Set{t, Expr{Op: "!=", Left: &l, Right: &zero}})
	body = append(body, Set{t, Expr{Op: "!=", Left: &r, Right: &zero}})
	if op == "&&" {
		p.emit(If{Cond: Register(t), Then: body})
	} else {
		p.emit(If{Cond: Register(t), Else: body})
	}
	return Register(t)
}

func (p *parser) unary() Expr {
	p.enter()
	defer p.leave()
	t := p.tok
	switch {
	case t.kind == tNumber:
		p.step()
		return Number(t.num)
	case p.accept("-"), p.accept("~"), p.accept("!"):
		e := p.unary()
		return Expr{Op: t.text, Right: &e}
	case p.accept("+"):
		return p.unary()
	case p.accept("*"):
		return p.read(p.pointer())
	case p.accept("("):
		if _, found := p.typeName(true); found {
			typ := p.typ
			p.want(")")
			return p.cast(typ)
		}
		e := p.sequence()
		p.want(")")
		return e
	case p.is("++"), p.is("--"):
		p.step()
		n := p.tok
		to := p.target()
		if to.shared {
			p.fail(n.line, n.col, "%s of a shared variable has no value here: expected a statement of its own, or atomic_fetch_add", t)
		}
		p.assign(to, t.text[:1], true)
		return Register(to.reg)
	case p.is("true"), p.is("false"):
		p.step()
		return Number(truth(t.text == "true"))
	case t.kind == tName:
		p.step()
		if p.is("(") || p.is("{") {
			return p.call(t, false)
		}
		if p.shared[t.text] && p.is("[") {
			return p.read(p.indexed(t))
		}
		if p.shared[t.text] {
			p.fail(t.line, t.col, "%v is a pointer to a shared variable: expected *%s", t, t.text)
		}
		r := p.thread.lookup(t.text)
		if r < 0 {
			p.fail(t.line, t.col, "%v is neither a register nor a parameter of this thread", t)
		}
		if p.is("++") || p.is("--") {
			old := p.temp()
			p.emit(Set{old, Register(r)})
			p.assign(target{reg: r}, p.step().text[:1], true)
			return Register(old)
		}
		return Register(r)
	}
	p.expected("an expression")
	return Expr{}
}

// cast reads what stands behind a cast to that type. A value that the type does not have is
// a mistake, as where it is assigned.
func (p *parser) cast(typ ctype) Expr {
	at := position{p.tok.line, p.tok.col}
	e := p.unary()
	if v, ok := e.constant(); typ.bits == 0 || ok && typ.bits > 1 && typ.fits(v) {
		return e
	}
	e.at = at
	r := p.temp()
	p.thread.declare(r, typ)
	p.set(r, e)
	return Register(r)
}

// read is a load without a function.
func (p *parser) read(l location) Expr {
	r := p.temp()
	p.emit(Load{r, l.first, p.plain(l), l.at})
	return Register(r)
}
