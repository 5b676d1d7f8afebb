package litmus

import (
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

func (p *parser) emit(s Stmt) { *p.body = append(*p.body, s) }

// block reads one statement or a braced list into a body of its own.
func (p *parser) block() []Stmt {
	var body []Stmt
	outer := p.body
	p.body = &body
	p.statement()
	p.body = outer
	return body
}

var unsupported = map[string]string{
	"switch": "write it as ifs", "goto": "write it as while or if",
	"struct": "use one variable for each field", "union": "use one variable", "typedef": "use the type itself",
	"asm": "use atomics", "__asm__": "use atomics",
}

func (p *parser) statement() {
	p.enter()
	defer p.leave()
	switch {
	case p.tok.kind == tEnd:
		p.expected(`a statement or "}"`)
	case p.accept(";"):
		return
	case p.accept("{"):
		defer p.scope()()
		for !p.accept("}") {
			p.statement()
		}
		return
	case p.accept("if"):
		p.ifStatement()
		return
	case p.is("while"):
		p.whileLoop()
		return
	case p.is("do"):
		p.doLoop()
		return
	case p.is("for"):
		p.forLoop()
		return
	case p.is("break"):
		if p.loops == 0 {
			p.fail(p.tok.line, p.tok.col, `"break" outside of a loop: expected "return", which ends the thread`)
		}
		p.step()
		p.emit(Break{})
		p.want(";")
		return
	case p.is("continue"):
		if p.loops == 0 {
			p.fail(p.tok.line, p.tok.col, `"continue" outside of a loop`)
		}
		p.step()
		p.emit(skip{})
		p.want(";")
		return
	case p.accept("return"):
		if !p.is(";") {
			p.fail(p.tok.line, p.tok.col, `a thread has no value to return: expected ";", found %v`, p.tok)
		}
		p.step()
		p.emit(Return{})
		return
	case p.tok.kind == tName && unsupported[p.tok.text] != "":
		p.fail(p.tok.line, p.tok.col, "%q is not supported: %s", p.tok.text, unsupported[p.tok.text])
	}
	if _, found := p.typeName(true); found {
		p.declaration()
		return
	}
	p.simples()
	p.want(";")
}

func (p *parser) ifStatement() {
	p.want("(")
	cond := p.sequence()
	p.want(")")
	then := p.block()
	var other []Stmt
	if p.accept("else") {
		other = p.block()
	}
	p.emit(If{cond, then, other})
}

// declaration reads what follows the type in int a = 1, b;
func (p *parser) declaration() {
	typ := p.typ
	for {
		n := p.name("the name of a register")
		if p.shared[n.text] {
			p.fail(n.line, n.col, "%v is a parameter of this thread: expected a new name", n)
		}
		if p.is("[") {
			p.fail(p.tok.line, p.tok.col, "arrays are not supported: use one variable for each element")
		}
		if slices.Contains(p.visible, n.text) {
			p.fail(n.line, n.col, "%v is declared already where this can be seen: expected a new name", n)
		}
		p.visible = append(p.visible, n.text)
		r := p.thread.register(n.text)
		p.thread.declare(r, typ)
		if p.accept("=") {
			p.set(r, p.expr())
		}
		if !p.accept(",") {
			break
		}
	}
	p.want(";")
}

// scope begins a block, and returns what ends it: names that are declared in it are not
// seen behind it.
func (p *parser) scope() (end func()) {
	n := len(p.visible)
	return func() { p.visible = p.visible[:n] }
}

func (p *parser) temp() int {
	p.temps++
	p.thread.Regs = append(p.thread.Regs, hidden)
	return len(p.thread.Regs) - 1
}

// hidden is the name of registers that the program text does not have.
const hidden = ""

var orders = map[string]engine.Order{
	"memory_order_relaxed": engine.Relaxed, "memory_order_acquire": engine.Acquire,
	"memory_order_release": engine.Release, "memory_order_acq_rel": engine.AcqRel, "memory_order_seq_cst": engine.SeqCst,
}

// order reads an ordering that the operation may have.
func (p *parser) order(allowed ...engine.Order) engine.Order {
	t := p.name("a memory_order")
	if t.text == "memory_order_consume" {
		p.fail(t.line, t.col, "memory_order_consume has no meaning under RC11: expected memory_order_acquire, which compilers make of it")
	}
	o, ok := orders[t.text]
	if !ok {
		p.fail(t.line, t.col, "expected a memory_order, such as memory_order_relaxed, found %v", t)
	}
	for _, a := range allowed {
		if a == o {
			return o
		}
	}
	p.fail(t.line, t.col, "this operation cannot be %s", t.text)
	return 0
}

var updates = map[string]engine.Op{
	"atomic_exchange": engine.OpSwap, "atomic_fetch_add": engine.OpAdd, "atomic_fetch_sub": engine.OpSub,
	"atomic_fetch_and": engine.OpAnd, "atomic_fetch_or": engine.OpOr, "atomic_fetch_xor": engine.OpXor,
}

var linux = map[string]bool{
	"READ_ONCE": true, "WRITE_ONCE": true, "xchg": true, "cmpxchg": true, "atomic_read": true, "atomic_set": true,
	"atomic_xchg": true, "atomic_cmpxchg": true, "atomic_inc": true, "atomic_dec": true, "atomic_add": true, "atomic_sub": true,
	"atomic_inc_return": true, "atomic_dec_return": true, "atomic_add_return": true, "atomic_sub_return": true,
	"atomic_add_unless": true, "atomic_dec_and_test": true, "rcu_dereference": true, "xchg_release": true, "xchg_acquire": true,
	"xchg_relaxed": true, "spin_trylock": true, "spin_is_locked": true,
	"spin_lock": true, "spin_unlock": true, "synchronize_rcu": true, "rcu_read_lock": true, "rcu_read_unlock": true,
}

var anyOrder = []engine.Order{engine.Relaxed, engine.Acquire, engine.Release, engine.AcqRel, engine.SeqCst}

// call reads the arguments of an atomic function and returns its value.
func (p *parser) call(n token, discard bool) Expr {
	if p.is("{") && strings.HasPrefix(n.text, "__") {
		p.fail(n.line, n.col, "%v is one of herd7's own primitives for the Linux kernel: expected C11 atomics, such as atomic_load_explicit", n)
	}
	p.want("(")
	base, explicit := strings.CutSuffix(n.text, "_explicit")
	order := engine.SeqCst
	tail := func(allowed ...engine.Order) {
		if explicit {
			p.want(",")
			order = p.order(allowed...)
		}
		p.want(")")
	}
	switch base {
	case "atomic_load":
		v := p.location()
		tail(engine.Relaxed, engine.Acquire, engine.SeqCst)
		r := p.temp()
		p.emit(Load{r, v.first, order, v.at})
		return Register(r)
	case "atomic_store", "atomic_init":
		v := p.location()
		p.want(",")
		e := p.valueFor(v)
		tail(engine.Relaxed, engine.Release, engine.SeqCst)
		if base == "atomic_init" {
			order = engine.NonAtomic
		}
		p.emit(Store{v.first, e, order, v.at})
		p.noValue(n, discard)
		return Expr{}
	case "atomic_flag_test_and_set":
		v := p.location()
		tail(anyOrder...)
		r := p.temp()
		p.emit(Update{r, v.first, engine.OpSwap, Number(1), order, v.at})
		return Register(r)
	case "atomic_flag_clear":
		v := p.location()
		tail(engine.Relaxed, engine.Release, engine.SeqCst)
		p.emit(Store{v.first, Number(0), order, v.at})
		p.noValue(n, discard)
		return Expr{}
	case "atomic_thread_fence", "atomic_signal_fence":
		order = p.order(anyOrder...)
		p.want(")")
		if order != engine.Relaxed && base == "atomic_thread_fence" {
			p.emit(Fence{order})
		}
		p.noValue(n, discard)
		return Expr{}
	case "WCAS", "SCAS": // herd7's short names
		return p.compareExchange(base == "WCAS", true)
	case "atomic_compare_exchange_strong", "atomic_compare_exchange_weak":
		return p.compareExchange(base == "atomic_compare_exchange_weak", explicit)
	}
	op, ok := updates[base]
	if linux[base] || strings.HasPrefix(base, "smp_") || strings.HasPrefix(base, "rcu_") || strings.HasPrefix(base, "srcu_") || strings.HasPrefix(base, "__") {
		p.fail(n.line, n.col, "%v is of the Linux kernel, whose memory model is not supported: expected C11 atomics, such as atomic_load_explicit", n)
	}
	if base == "mtx_lock" || base == "mtx_unlock" || base == "lock" || base == "unlock" {
		p.fail(n.line, n.col, "%v is not supported: write the lock as while (atomic_exchange_explicit(m, 1, memory_order_acquire)); and atomic_store_explicit(m, 0, memory_order_release);", n)
	}
	if !ok {
		p.fail(n.line, n.col, "%v is no function that is supported: expected atomic_load, atomic_store, atomic_exchange, atomic_fetch_add (sub, and, or, xor), atomic_compare_exchange_strong (weak), atomic_flag_test_and_set, atomic_flag_clear, each also with _explicit, or atomic_thread_fence", n)
	}
	v := p.location()
	p.want(",")
	e := p.valueFor(v)
	tail(anyOrder...)
	r := p.temp()
	p.emit(Update{r, v.first, op, e, order, v.at})
	return Register(r)
}

func (p *parser) noValue(n token, discard bool) {
	if !discard {
		p.fail(n.line, n.col, "%v has no value: expected it to stand alone", n)
	}
}

// compareExchange reads x, expected, desired[, order, order]): expected points
// to a register, &r, or to a shared variable, which is then accessed plainly.
func (p *parser) compareExchange(weak, explicit bool) Expr {
	x := p.location()
	p.want(",")
	addr := p.accept("&")
	n := p.name("where the expected value stands")
	p.want(",")
	desired := p.valueFor(x)
	s := CompareExchange{Var: x.first, At: x.at, Arg: desired, Order: engine.SeqCst, Fail: engine.SeqCst, Weak: weak}
	if explicit {
		p.want(",")
		s.Order = p.order(anyOrder...)
		p.want(",")
		s.Fail = p.order(engine.Relaxed, engine.Acquire, engine.SeqCst)
	}
	p.want(")")
	shared := p.shared[n.text]
	reg := -1
	if shared {
		reg = p.temp()
		p.emit(Load{Reg: reg, Var: p.scalar(n), Order: engine.NonAtomic})
	} else if reg = p.thread.lookup(n.text); reg < 0 {
		p.fail(n.line, n.col, "%v is neither a register nor a parameter of this thread", n)
	} else if !addr {
		p.fail(n.line, n.col, "expected &%s, the address of the register", n.text)
	}
	s.Old, s.Done, s.Expected = p.temp(), p.temp(), Register(reg)
	p.emit(s)
	old := Register(s.Old)
	failed := []Stmt{Set{reg, old}}
	if shared {
		failed = []Stmt{Store{Var: p.scalar(n), Expr: old, Order: engine.NonAtomic}}
	}
	p.emit(If{Cond: Register(s.Done), Else: failed})
	return Register(s.Done)
}
