package litmus

import (
	"strconv"

	"github.com/fearless-go/fearless/internal/engine"
)

// A location is a shared variable as a statement names it: a variable, or an
// element of an array, of which first is element 0 if at computes which.
type location struct {
	name  token
	first int
	at    *Index
}

// An array is where its elements are among the variables.
type array struct{ first, len int }

const maxArray = 256

// declareArray reads what follows the name in int y[2] = {0, 1};
func (p *parser) declareArray(n token) {
	p.want("[")
	size := p.tok
	if size.kind != tNumber || size.num < 1 || size.num > maxArray {
		p.fail(size.line, size.col, "expected how many elements %s has, from 1 to %d, found %v", quote(n.text), maxArray, size)
	}
	p.step()
	p.want("]")
	if p.prog.variable(n.text) >= 0 || p.arrays[n.text].len > 0 {
		p.fail(n.line, n.col, "%v is declared twice", n)
	}
	a := array{len(p.prog.Vars), int(size.num)}
	p.arrays[n.text] = a
	for i := range a.len {
		p.prog.Vars = append(p.prog.Vars, Var{Name: n.text + "[" + strconv.Itoa(i) + "]", typ: p.typ})
	}
	if !p.accept("=") {
		return
	}
	p.want("{")
	for i := 0; ; i++ {
		if i == a.len {
			p.fail(p.tok.line, p.tok.col, "more than the %d values that %s has: expected \"}\"", a.len, quote(n.text))
		}
		p.prog.Vars[a.first+i].Init = p.numberOf(p.prog.Vars[a.first].typ)
		if p.accept("}") {
			return // the rest is 0, as in C
		}
		p.want(",")
	}
}

// location reads an argument that points to a shared variable: x, &x, &*x,
// &y[1], y + 1, also in parentheses or with a cast.
func (p *parser) location() location {
	l := p.pointer()
	at := p.tok
	if l.at != nil || !p.accept("+") {
		return l
	}
	return p.element(l.name, at, p.binary(binding["+"]))
}

// pointer reads what a * may stand before.
func (p *parser) pointer() location {
	p.enter()
	defer p.leave()
	if p.accept("(") {
		if _, found := p.typeName(true); found {
			p.want(")")
			return p.pointer()
		}
		l := p.location()
		p.want(")")
		return l
	}
	if p.accept("&") {
		parens := 0
		for ; p.accept("("); parens++ {
		}
		p.accept("*")
		l := p.pointer()
		for range parens {
			p.want(")")
		}
		return l
	}
	n := p.name("the name of a shared variable")
	if !p.shared[n.text] {
		p.fail(n.line, n.col, "%v is not a parameter of this thread: expected a pointer to a shared variable", n)
	}
	if p.is("[") {
		return p.indexed(n)
	}
	if a := p.arrays[n.text]; a.len > 0 {
		return location{name: n, first: a.first}
	}
	return location{name: n, first: p.prog.variable(n.text)}
}

// indexed reads what follows the name in y[1].
func (p *parser) indexed(n token) location {
	p.want("[")
	at := p.tok
	e := p.sequence()
	p.want("]")
	return p.element(n, at, e)
}

func (p *parser) element(n, at token, e Expr) location {
	a := p.arrays[n.text]
	if a.len == 0 {
		p.fail(n.line, n.col, "%v is no array: expected int %s[2]; or another size in the initial state", n, n.text)
	}
	if e.Op != "" {
		return location{n, a.first, &Index{e, a.len}}
	}
	if e.Num < 0 || e.Num >= int64(a.len) {
		p.fail(at.line, at.col, "%s has the elements 0 to %d: there is no element %d", quote(n.text), a.len-1, e.Num)
	}
	return location{name: n, first: a.first + int(e.Num)}
}

// scalar is the variable with that name.
func (p *parser) scalar(n token) int {
	v := p.prog.variable(n.text)
	if v < 0 {
		p.fail(n.line, n.col, "%v is an array: expected the name of a variable", n)
	}
	return v
}

// plain is the ordering of an access without a function: SeqCst to a variable
// that is atomic, as in C.
func (p *parser) plain(l location) engine.Order {
	if p.atomic[l.name.text] {
		return engine.SeqCst
	}
	return engine.NonAtomic
}
