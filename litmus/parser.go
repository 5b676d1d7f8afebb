package litmus

import (
	"strconv"
	"strings"
)

// ParseC reads a test in herd7's C litmus format. name is the file named in
// errors, which are *ParseError.
func ParseC(name string, data []byte) (p *Program, err error) {
	if err := tooLong(name, data); err != nil {
		return nil, err
	}
	ps := &parser{lexer: lexer{file: name, src: string(data), line: 1, col: 1}, prog: &Program{}}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case syntaxError:
			p, err = nil, e.ParseError
		default:
			panic(e)
		}
	}()
	if strings.HasPrefix(ps.src, "\xff\xfe") || strings.HasPrefix(ps.src, "\xfe\xff") {
		ps.fail(1, 1, "the file is in UTF-16: expected UTF-8 or ASCII")
	}
	ps.file()
	return ps.prog, nil
}

type parser struct {
	lexer
	tok     token
	prog    *Program
	atomic  map[string]bool // variables declared atomic
	arrays  map[string]array
	thread  *Thread         // the thread that is being read
	shared  map[string]bool // names of variables in that thread
	visible []string        // names that the blocks around declare
	body    *[]Stmt         // where its statements go
	preset  []preset        // registers that the initial state sets
	temps   int
	depth   int
	loops   int   // around the statement that is read
	typ     ctype // that typeName has read last
}

// A preset is a register's value in the initial state: 0:r0 = 5.
type preset struct {
	at     token
	thread int64
	name   string
	value  int64
}

// A placeAt is a place as a condition names it.
type placeAt struct {
	place Place
	tok   token
}

func (p *parser) step() token {
	t := p.tok
	p.tok = p.next()
	return t
}

func (p *parser) expected(what string) {
	p.fail(p.tok.line, p.tok.col, "expected %s, found %v", what, p.tok)
}

func (p *parser) is(text string) bool {
	return p.tok.text == text && (p.tok.kind == tPunct || p.tok.kind == tName)
}

func (p *parser) accept(text string) bool {
	if p.is(text) {
		p.step()
		return true
	}
	return false
}

func (p *parser) want(text string) token {
	if !p.is(text) {
		p.expected(`"` + text + `"`)
	}
	return p.step()
}

func (p *parser) name(what string) token {
	if p.tok.kind != tName {
		p.expected(what)
	}
	return p.step()
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.tok.line, p.tok.col, "more than %d levels inside each other", maxDepth)
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) file() {
	p.atomic, p.arrays = make(map[string]bool), make(map[string]array)
	p.src = strings.TrimPrefix(p.src, "\ufeff") // a byte order mark
	p.tok = p.next()
	if p.tok.kind == tEnd {
		p.fail(p.tok.line, p.tok.col, `the file is empty: expected "C" and the name of the test`)
	}
	if p.tok.kind != tName || p.tok.text != "C" {
		p.fail(p.tok.line, p.tok.col, `expected "C", the language of the test, found %v: tests in assembly are not read`, p.tok)
	}
	// The name goes to the end of the line: it may hold any character.
	rest := p.src[p.pos:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	p.prog.Name = strings.TrimSpace(rest)
	if p.prog.Name == "" {
		p.fail(p.line, p.col, "expected the name of the test")
	}
	p.advance(len(rest))
	p.step()
	for !p.is("{") {
		// Free text and key=value lines stand before the initial state.
		t := p.tok
		if t.kind == tEnd {
			p.expected(`"{", the initial state`)
		}
		if p.step(); isThread(t.text) && p.is("(") {
			p.fail(t.line, t.col, `expected "{", the initial state, before thread %v: it may be empty, {}`, t)
		}
	}
	p.initial()
	for {
		p.typeName(false) // void P0 () is P0 ()
		if p.tok.kind != tName || !isThread(p.tok.text) {
			break
		}
		p.threadDef()
	}
	for _, r := range p.preset {
		if r.thread >= int64(len(p.prog.Threads)) {
			p.fail(r.at.line, r.at.col, "there is no thread %d", r.thread)
		}
	}
	if len(p.prog.Threads) == 0 {
		p.expected(`a thread "P0 (...) { ... }"`)
	}
	if p.accept("locations") {
		p.locations()
	}
	p.condition()
	if p.tok.kind != tEnd {
		p.expected("the end of the file")
	}
}

func isThread(s string) bool {
	if len(s) < 2 || s[0] != 'P' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

// initial reads { x = 1; int y = 2; [z] = 3; 0:r0 = 4; }.
func (p *parser) initial() {
	p.want("{")
	for !p.accept("}") {
		if p.accept(";") {
			continue
		}
		atomic, _ := p.typeName(false)
		if p.is("*") {
			p.fail(p.tok.line, p.tok.col, "pointers as values are not supported: name the variable where it is used")
		}
		if p.tok.kind == tNumber {
			p.presetRegister()
			continue
		}
		bracket := p.accept("[")
		n := p.name("the name of a variable")
		if bracket {
			p.want("]")
		}
		if p.tok.kind == tName {
			p.noType(n)
		}
		if atomic {
			p.atomic[n.text] = true
		}
		switch {
		case p.is("[") && !bracket:
			p.declareArray(n)
		default:
			v := &p.prog.Vars[p.declare(n)]
			v.typ = p.typ
			if p.accept("=") {
				v.Init = p.numberOf(v.typ)
			}
		}
		if !p.is("}") {
			p.want(";")
		}
	}
}

// presetRegister reads 0:r0 = 5;
func (p *parser) presetRegister() {
	at := p.step()
	p.want(":")
	r := preset{at: at, thread: at.num, name: p.name("the name of a register").text}
	p.want("=")
	if p.is("&") || p.tok.kind == tName {
		p.fail(p.tok.line, p.tok.col, "expected a number, found %v: a shared variable is a parameter of the threads that use it", p.tok)
	}
	r.value = p.number()
	p.preset = append(p.preset, r)
	if !p.is("}") {
		p.want(";")
	}
}

func (p *parser) declare(n token) int {
	if p.arrays[n.text].len > 0 {
		p.fail(n.line, n.col, "%v is declared twice", n)
	}
	if v := p.prog.variable(n.text); v >= 0 {
		return v
	}
	p.prog.Vars = append(p.prog.Vars, Var{Name: n.text})
	return len(p.prog.Vars) - 1
}

func (p *parser) number() int64 {
	neg := p.accept("-")
	if p.tok.kind != tNumber {
		p.expected("a number")
	}
	n := p.step().num
	if neg {
		return -n
	}
	return n
}

// threadDef reads P0 (atomic_int* x, int* y) { ... }.
func (p *parser) threadDef() {
	n := p.step()
	if want := len(p.prog.Threads); n.text != "P"+strconv.Itoa(want) {
		p.fail(n.line, n.col, `expected thread "P%d", found %v: threads are numbered from 0 in order`, want, n)
	}
	if len(p.prog.Threads) >= maxThreads {
		p.fail(n.line, n.col, "more than %d threads", maxThreads)
	}
	p.thread, p.visible = &Thread{}, nil
	p.shared = make(map[string]bool)
	p.temps = 0
	p.want("(")
	for !p.accept(")") {
		atomic, found := p.typeName(true)
		if !found {
			if p.tok.kind == tName && kernelTypes[p.tok.text] {
				p.noType(p.tok)
			}
			p.expected("the type of a shared variable, such as atomic_int*")
		}
		typ := p.typ
		v := p.name("the name of a shared variable")
		if p.accept("[") { // int y[] is int* y
			if p.tok.kind == tNumber {
				p.step()
			}
			p.want("]")
			if p.arrays[v.text].len == 0 {
				p.fail(v.line, v.col, "%v is no array: expected int %s[2]; or another size in the initial state", v, v.text)
			}
		}
		if p.arrays[v.text].len == 0 {
			p.typeVariable(p.declare(v), typ, v)
		}
		p.shared[v.text] = true
		if atomic {
			p.atomic[v.text] = true
		}
		if !p.is(")") {
			p.want(",")
		}
	}
	var body []Stmt
	for _, r := range p.preset {
		if r.thread == int64(len(p.prog.Threads)) {
			if p.shared[r.name] {
				p.fail(r.at.line, r.at.col, "%s is a parameter of thread %d: expected a register", quote(r.name), r.thread)
			}
			body = append(body, Set{p.thread.register(r.name), Number(r.value)})
		}
	}
	p.body = &body
	p.code = true
	begin := p.pos // after the brace, which has been looked at
	p.want("{")
	for !p.is("}") {
		p.statement()
	}
	p.thread.source = dedent(p.src[begin : p.pos-1])
	p.code = false
	p.want("}")
	p.thread.Body = body
	p.prog.Threads = append(p.prog.Threads, *p.thread)
	p.thread = nil
}
