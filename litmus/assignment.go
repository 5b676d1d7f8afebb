package litmus

import (
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

// simple reads an assignment or a call.
func (p *parser) simple() {
	at := p.tok
	if p.is("++") || p.is("--") {
		op := p.step().text[:1]
		p.assign(p.target(), op, true)
		return
	}
	if p.tok.kind == tName {
		n := p.step()
		if p.is("(") {
			p.call(n, true)
			return
		}
		if p.shared[n.text] {
			p.fail(n.line, n.col, "%v is a pointer to a shared variable: expected *%s", n, n.text)
		}
		switch {
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
	v      int
	order  engine.Order
}

// target reads r or *x.
func (p *parser) target() target {
	p.enter()
	defer p.leave()
	at := p.tok
	if p.accept("(") {
		t := p.target()
		p.want(")")
		return t
	}
	if p.accept("*") {
		v, order := p.deref(at)
		return target{shared: true, v: v, order: order}
	}
	n := p.name("a register, or * and a shared variable")
	if p.shared[n.text] {
		p.fail(n.line, n.col, "%v is a pointer to a shared variable: expected *%s", n, n.text)
	}
	return target{reg: p.thread.register(n.text)}
}

// assignment reads what follows the target: = e, += e and its like, ++ or --.
func (p *parser) assignment(t target) {
	switch op := p.tok; {
	case p.accept("="):
		if t.shared {
			p.emit(Store{t.v, p.expr(), t.order})
		} else {
			p.emit(Set{t.reg, p.expr()})
		}
	case p.accept("++"), p.accept("--"):
		p.assign(t, op.text[:1], true)
	case op.kind == tPunct && strings.HasSuffix(op.text, "=") && binding[strings.TrimSuffix(op.text, "=")] > 7:
		p.step()
		p.assign(t, strings.TrimSuffix(op.text, "="), false)
	case op.kind == tPunct && (op.text == "&=" || op.text == "|=" || op.text == "^="):
		p.step()
		p.assign(t, op.text[:1], false)
	default:
		p.expected(`"="`)
	}
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
		old := Register(t.reg)
		p.emit(Set{t.reg, Expr{Op: op, Left: &old, Right: &e}})
		return
	}
	r := p.temp()
	if t.order == engine.NonAtomic {
		old := Register(r)
		p.emit(Load{r, t.v, t.order})
		p.emit(Store{t.v, Expr{Op: op, Left: &old, Right: &e}, t.order})
		return
	}
	update, ok := compound[op]
	if !ok {
		p.fail(at.line, at.col, "%q of an atomic variable is not supported: write it as a compare-exchange", op+"=")
	}
	p.emit(Update{r, t.v, update, e, t.order})
}
