package litmus

import (
	"strconv"
)

// locations reads [x; 0:r0;], what the states show besides the condition.
func (p *parser) locations() {
	p.want("[")
	for !p.accept("]") {
		if p.accept(";") {
			continue
		}
		p.typeName(true)
		if a := p.arrays[p.tok.text]; a.len > 0 {
			if ahead := p.lexer; ahead.next().text != "[" {
				p.step()
				for i := range a.len {
					p.prog.Locations = append(p.prog.Locations, Place{-1, a.first + i, p.prog.Vars[a.first+i].Name})
				}
				continue
			}
		}
		pl := p.place()
		p.accept("*")
		p.prog.Locations = append(p.prog.Locations, pl)
	}
}

// condition reads filter, which leaves executions out, and what is asked of the others.
func (p *parser) condition() {
	if p.accept("filter") {
		p.prog.Filter = p.implication()
	}
	c := &Condition{}
	switch {
	case p.tok.kind == tEnd:
		return
	case p.accept("exists"):
	case p.accept("forall"):
		c.Quantifier = Forall
	case p.is("~") || p.is("not"):
		p.step()
		p.want("exists")
		c.Quantifier = NotExists
	default:
		p.expected("exists, ~exists, forall, filter or a thread")
	}
	prop := p.implication()
	p.accept(";")
	c.Prop = *prop
	p.prog.Condition = c
}

func (p *parser) implication() *Prop {
	p.enter()
	defer p.leave()
	l := p.disjunction()
	if p.accept("=>") {
		r := p.implication()
		return &Prop{Op: "=>", Args: []Prop{*l, *r}}
	}
	return l
}

func (p *parser) disjunction() *Prop { return p.chain("\\/", p.conjunction) }
func (p *parser) conjunction() *Prop { return p.chain("/\\", p.atom) }

func (p *parser) chain(op string, operand func() *Prop) *Prop {
	first := operand()
	if !p.is(op) {
		return first
	}
	all := &Prop{Op: op, Args: []Prop{*first}}
	for p.accept(op) {
		all.Args = append(all.Args, *operand())
	}
	return all
}

func (p *parser) atom() *Prop {
	p.enter()
	defer p.leave()
	switch {
	case p.accept("("):
		e := p.implication()
		p.want(")")
		return e
	case p.is("~") || p.is("not"):
		p.step()
		return &Prop{Op: "~", Args: []Prop{*p.atom()}}
	case p.is("true") || p.is("false"):
		return &Prop{Op: p.step().text}
	}
	at := p.place()
	op := "="
	switch {
	case p.accept("!="):
		op = "!="
	case p.accept("=="):
	default:
		p.want("=")
	}
	return &Prop{Op: op, At: at, Num: p.number()}
}

// place reads x, [x], 0:r or P0:r.
func (p *parser) place() Place {
	at := p.tok
	switch {
	case p.accept("["):
		n := p.name("the name of a variable")
		name := p.elementName(n)
		p.want("]")
		return p.resolve(placeAt{Place{Thread: -1, Name: name}, at})
	case p.tok.kind == tNumber:
		t := p.step().num
		p.want(":")
		n := p.name("the name of a register")
		if t < 0 || t >= maxThreads {
			p.fail(at.line, at.col, "there is no thread %d", t)
		}
		return p.resolve(placeAt{Place{Thread: int(t), Name: n.text}, at})
	case p.tok.kind == tName:
		n := p.step()
		if isThread(n.text) && p.accept(":") {
			r := p.name("the name of a register")
			for t := range p.prog.Threads {
				if n.text == "P"+strconv.Itoa(t) {
					return p.resolve(placeAt{Place{Thread: t, Name: r.text}, at})
				}
			}
			p.fail(at.line, at.col, "there is no thread %s", n.text)
		}
		return p.resolve(placeAt{Place{Thread: -1, Name: p.elementName(n)}, at})
	}
	p.expected("a variable, or a register such as 0:r0")
	return Place{}
}

// elementName reads the index of an element, if one follows the name n.
func (p *parser) elementName(n token) string {
	if !p.accept("[") {
		return n.text
	}
	if p.tok.kind != tNumber {
		p.expected("the index of an element")
	}
	name := n.text + "[" + strconv.FormatInt(p.step().num, 10) + "]"
	p.want("]")
	return name
}

func (p *parser) resolve(at placeAt) Place {
	pl := at.place
	if pl.Thread < 0 {
		if a := p.arrays[pl.Name]; a.len > 0 {
			p.fail(at.tok.line, at.tok.col, "%s is an array: expected an element, such as %s[0]", quote(pl.Name), pl.Name)
		}
		if pl.Index = p.prog.variable(pl.Name); pl.Index < 0 {
			p.fail(at.tok.line, at.tok.col, "there is no variable %s", quote(pl.Name))
		}
		return pl
	}
	if pl.Thread >= len(p.prog.Threads) {
		p.fail(at.tok.line, at.tok.col, "there is no thread %d", pl.Thread)
	}
	if pl.Index = p.prog.Threads[pl.Thread].lookup(pl.Name); pl.Index < 0 {
		p.fail(at.tok.line, at.tok.col, "thread %d has no register %s", pl.Thread, quote(pl.Name))
	}
	return pl
}
