package litmus

import (
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

// simples reads assignments and calls with commas between.
func (p *parser) simples() {
	p.simple()
	for p.accept(",") {
		p.simple()
	}
}

// simple reads an assignment or a call.
func (p *parser) simple() {
	at := p.tok
	if p.is("++") || p.is("--") {
		op := p.step().text[:1]
		p.assign(p.target(), op, true)
		return
	}
	if p.tok.kind == tName {
		before := p.lexer
		n := p.step()
		if p.is("(") {
			p.call(n, true)
			return
		}
		if p.shared[n.text] && p.is("[") {
			p.assignment(p.sharedTarget(p.indexed(n)))
			return
		}
		if p.shared[n.text] {
			p.fail(n.line, n.col, "%v is a pointer to a shared variable: expected *%s", n, n.text)
		}
		switch {
		case p.is(";") || p.is("?") || p.tok.kind == tPunct && binding[p.tok.text] > 0: // r; or r && f(x);
			p.tok, p.lexer = n, before
			p.expr()
			return
		case p.tok.kind == tName:
			p.fail(n.line, n.col, "%v is no type that is supported: expected int, long, bool or another type of integers, or a statement", n)
		case p.is(":"):
			p.fail(n.line, n.col, "the label %v is not supported: write while or if", n)
		}
		p.assignment(target{reg: p.thread.register(n.text)})
		return
	}
	if !p.is("*") && !p.is("(") {
		p.expected("a statement")
	}
	if p.is("(") {
		p.step()
		if _, found := p.typeName(true); found { // (void) e
			p.want(")")
			p.expr()
			return
		}
		if !p.is("*") {
			p.fail(at.line, at.col, "expected a statement, found %v", at)
		}
		t := p.target()
		if !p.is(")") {
			p.fail(p.tok.line, p.tok.col, `expected ")", found %v: comments inside a thread are /* */ or //`, p.tok)
		}
		p.step()
		p.assignment(t)
		return
	}
	p.assignment(p.target())
}

// A target is what an assignment changes: a register, or a shared variable.
type target struct {
	reg    int
	shared bool
	v      location
	order  engine.Order
}

// target reads r or *x.
func (p *parser) target() target {
	p.enter()
	defer p.leave()
	if p.accept("(") {
		t := p.target()
		p.want(")")
		return t
	}
	if p.accept("*") {
		return p.sharedTarget(p.pointer())
	}
	n := p.name("a register, or * and a shared variable")
	if p.shared[n.text] && p.is("[") {
		return p.sharedTarget(p.indexed(n))
	}
	if p.shared[n.text] {
		p.fail(n.line, n.col, "%v is a pointer to a shared variable: expected *%s", n, n.text)
	}
	return target{reg: p.thread.register(n.text)}
}

func (p *parser) sharedTarget(l location) target {
	return target{shared: true, v: l, order: p.plain(l)}
}

// assignment reads what follows the target: = e, += e and its like, ++ or --.
func (p *parser) assignment(t target) {
	switch op := p.tok; {
	case p.accept("="):
		if t.shared {
			p.emit(Store{t.v.first, p.valueFor(t.v), t.order, t.v.at})
		} else {
			p.set(t.reg, p.expr())
		}
	case p.accept("++"), p.accept("--"):
		p.assign(t, op.text[:1], true)
	case op.kind == tPunct && assigning(op.text):
		p.step()
		p.assign(t, strings.TrimSuffix(op.text, "="), false)
	default:
		p.expected(`"="`)
	}
}

// assigning reports whether op is a compound assignment, such as +=.
func assigning(op string) bool {
	b, ok := strings.CutSuffix(op, "=")
	return ok && (binding[b] > 7 || b == "&" || b == "|" || b == "^")
}

var compound = map[string]engine.Op{
	"+": engine.OpAdd, "-": engine.OpSub, "&": engine.OpAnd, "|": engine.OpOr, "^": engine.OpXor,
}

// assign emits t op= e. Of an atomic variable it is one update, as in C.
func (p *parser) assign(t target, op string, one bool) {
	at := p.tok
	e := Number(1)
	if !one {
		e = p.expr()
	}
	if !t.shared {
		p.set(t.reg, p.operation(at, op, Register(t.reg), e))
		return
	}
	r := p.temp()
	if t.order == engine.NonAtomic {
		p.emit(Load{r, t.v.first, t.order, t.v.at})
		p.emit(Store{t.v.first, p.operation(at, op, Register(r), e), t.order, t.v.at})
		return
	}
	update, ok := compound[op]
	if !ok {
		p.fail(at.line, at.col, "%q of an atomic variable is not supported: write it as a compare-exchange", op+"=")
	}
	p.emit(Update{r, t.v.first, update, e, t.order, t.v.at})
}
