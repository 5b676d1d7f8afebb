package litmus

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/fearless-go/fearless/internal/engine"
)

// A randOp is one memory operation of a random program.
type randOp struct {
	id       int
	kind     byte // 'r' load, 'w' store, 'u' update, 'c' compare-exchange, 'f' fence
	loc      int
	at       string // the register whose parity says which of the first two locations, "": loc
	op       engine.Op
	reg, dep string // what is read, and what is added to arg
	arg, exp int64
	weak     bool
	order    engine.Order
	fail     engine.Order
}

func (o *randOp) dynamic() bool { return o.at != "" }
func (o *randOp) done() string  { return fmt.Sprintf("k%d", o.id) }

func (o *randOp) place(regs map[string]int64) int {
	if o.at != "" {
		return int(regs[o.at] & 1)
	}
	return o.loc
}

func (o *randOp) apply(old, arg int64) int64 {
	switch o.op {
	case engine.OpAdd:
		return old + arg
	case engine.OpSub:
		return old - arg
	case engine.OpAnd:
		return old & arg
	case engine.OpOr:
		return old | arg
	case engine.OpXor:
		return old ^ arg
	}
	return arg
}

// A randInstr is a memory operation, a wait while reg == eq, or a jump unless reg == eq.
type randInstr struct {
	op      *randOp
	wait    bool
	reg     string // of a jump: "" is one in any case
	eq      int64
	negated bool
	target  int
}

// A randStmt is an operation, an if or a loop that waits.
type randStmt struct {
	op         *randOp
	loop       []*randOp // what is repeated while reg == eq, or != if negated
	reg        string
	eq         int64
	negated    bool
	then, rest []randStmt
}

// A randProgram is a random litmus test.
type randProgram struct {
	names   []string // of the locations
	init    []int64
	array   bool // the first two are the elements of an array
	threads [][]randStmt
	code    [][]randInstr
	ops     []*randOp
	plainC  bool // uses what the JSON form does not have
	updates bool // has a loop around an update
}

func (p *randProgram) compile(body []randStmt, code []randInstr) []randInstr {
	for _, s := range body {
		switch {
		case s.op != nil:
			code = append(code, randInstr{op: s.op})
		case s.loop != nil:
			for _, o := range s.loop {
				code = append(code, randInstr{op: o})
			}
			code = append(code, randInstr{wait: true, reg: s.reg, eq: s.eq, negated: s.negated})
		default:
			branch := len(code)
			code = append(code, randInstr{reg: s.reg, eq: s.eq})
			code = p.compile(s.then, code)
			over := len(code)
			code = append(code, randInstr{})
			code[branch].target = len(code)
			code = p.compile(s.rest, code)
			code[over].target = len(code)
		}
	}
	return code
}

// A taste is what is frequent in one random program.
type taste struct {
	rng                                       *rand.Rand
	p                                         *randProgram
	kinds                                     []byte
	locs, sc                                  int
	plain, deps, ifs, weak, bits, loops, json bool
}

func newRandProgram(rng *rand.Rand, budget int) *randProgram {
	p := &randProgram{}
	yes := func(n int) bool { return rng.IntN(n) == 0 }
	g := &taste{rng: rng, p: p, locs: 1 + rng.IntN(3), sc: rng.IntN(4), plain: yes(3), deps: yes(2), ifs: yes(2), json: yes(2)}
	if !g.json {
		p.plainC = true
		g.weak, g.bits, g.loops = yes(2), yes(2), yes(2)
		p.array = g.locs >= 2 && yes(3)
	}
	for _, k := range []byte("rwucf") {
		for range rng.IntN(4) {
			g.kinds = append(g.kinds, k)
		}
	}
	g.kinds = append(g.kinds, "rw"...)
	for i := range g.locs {
		name := string(rune('x' + i))
		if p.array && i < 2 {
			name = fmt.Sprintf("a[%d]", i)
		}
		p.names, p.init = append(p.names, name), append(p.init, int64(rng.IntN(4)%3))
	}
	threads := 2 + rng.IntN(3)
	for k := range threads {
		n := 1
		for range budget - threads {
			if rng.IntN(threads) == 0 {
				n++
			}
		}
		p.threads = append(p.threads, g.body(k, n, 0))
		p.code = append(p.code, p.compile(p.threads[k], nil))
	}
	return p
}

func (g *taste) register() string { return fmt.Sprintf("r%d", g.rng.IntN(3)) }

func (g *taste) body(thread, n, depth int) (body []randStmt) {
	for n > 0 {
		switch {
		case g.ifs && depth < 2 && g.rng.IntN(3) == 0 && len(g.p.ops) > 0:
			k := 1 + g.rng.IntN(n)
			s := randStmt{reg: g.register(), eq: int64(g.rng.IntN(3))}
			s.then = g.body(thread, k, depth+1)
			if k < n && g.rng.IntN(2) == 0 {
				s.rest = g.body(thread, 1, depth+1)
				k++
			}
			body = append(body, s)
			n -= k
		case g.loops && g.rng.IntN(3) == 0:
			s := g.loop()
			body = append(body, s)
			n -= len(s.loop)
		default:
			body = append(body, randStmt{op: g.operation(g.kinds[g.rng.IntN(len(g.kinds))])})
			n--
		}
	}
	return body
}

// loop is one whose rounds that repeat change nothing.
func (g *taste) loop() randStmt {
	s := randStmt{}
	switch g.rng.IntN(4) {
	case 0: // until a compare-exchange succeeds
		o := g.operation('c')
		o.dep, o.at = "", ""
		s.loop, s.reg = []*randOp{o}, o.done()
		g.p.updates = true
	case 1: // until an update finds what it does not write
		o := g.operation('u')
		o.op, o.dep, o.at, o.arg, s.eq = engine.OpSwap, "", "", 1, 1
		switch g.rng.IntN(4) {
		case 0:
			o.op = engine.OpOr
		case 1:
			o.op, o.arg, s.eq = engine.OpAnd, 2, 0
		}
		s.loop, s.reg = []*randOp{o}, o.reg
		g.p.updates = true
	default:
		o := g.operation('r')
		s.loop, s.reg, s.eq, s.negated = []*randOp{o}, o.reg, int64(g.rng.IntN(3)), g.rng.IntN(2) == 0
		if g.rng.IntN(3) == 0 {
			next := g.operation('r')
			next.at = ""
			s.loop = append(s.loop, next)
		}
		o.at = ""
	}
	return s
}

func (g *taste) operation(kind byte) *randOp {
	rng := g.rng
	pick := func(o ...engine.Order) engine.Order {
		if rng.IntN(4) < g.sc {
			return engine.SeqCst
		}
		return o[rng.IntN(len(o))]
	}
	o := &randOp{
		id: len(g.p.ops), kind: kind, loc: rng.IntN(g.locs), reg: g.register(), arg: int64(1 + rng.IntN(2)), exp: int64(rng.IntN(3)),
	}
	g.p.ops = append(g.p.ops, o)
	switch kind {
	case 'r':
		o.order = pick(engine.Relaxed, engine.Acquire, engine.SeqCst)
	case 'w':
		o.order = pick(engine.Relaxed, engine.Release, engine.SeqCst)
	case 'f':
		o.order = pick(engine.Acquire, engine.Release, engine.AcqRel, engine.SeqCst)
	default:
		o.order = pick(engine.Relaxed, engine.Acquire, engine.Release, engine.AcqRel, engine.SeqCst)
		o.fail = pick(engine.Relaxed, engine.Acquire, engine.SeqCst)
	}
	o.op = [...]engine.Op{engine.OpAdd, engine.OpSwap}[rng.IntN(2)]
	if g.bits {
		o.op = [...]engine.Op{engine.OpAdd, engine.OpSwap, engine.OpSub, engine.OpAnd, engine.OpOr, engine.OpXor}[rng.IntN(6)]
	}
	if g.plain && (kind == 'r' || kind == 'w') && rng.IntN(2) == 0 {
		o.order = engine.NonAtomic
	}
	if kind == 'c' {
		o.weak = g.weak && rng.IntN(2) == 0
	}
	if g.deps && kind != 'r' && rng.IntN(2) == 0 {
		o.dep = g.register()
	}
	if g.p.array && kind != 'f' && rng.IntN(3) == 0 {
		o.at = g.register()
	}
	return o
}

var orderNames = map[engine.Order]string{
	engine.Relaxed: "memory_order_relaxed", engine.Acquire: "memory_order_acquire", engine.Release: "memory_order_release",
	engine.AcqRel: "memory_order_acq_rel", engine.SeqCst: "memory_order_seq_cst",
}

// c is the program in C.
func (p *randProgram) c(rng *rand.Rand) string {
	var b strings.Builder
	b.WriteString("C random\n{ ")
	params := ""
	for i, name := range p.names {
		switch {
		case !p.array || i > 1:
			fmt.Fprintf(&b, "%s = %d; ", name, p.init[i])
			params += ", int* " + name
		case i == 0:
			fmt.Fprintf(&b, "int a[2] = {%d, %d}; ", p.init[0], p.init[1])
			params += ", int* a"
		}
	}
	b.WriteString("}\n")
	for i, body := range p.threads {
		fmt.Fprintf(&b, "P%d (%s) {\n  int r0; int r1; int r2;\n", i, params[2:])
		p.cBody(&b, body, rng, "  ")
		b.WriteString("}\n")
	}
	return b.String() + "exists (true)\n"
}

func (p *randProgram) cBody(b *strings.Builder, body []randStmt, rng *rand.Rand, in string) {
	for _, s := range body {
		cond := fmt.Sprintf("%s == %d", s.reg, s.eq)
		if s.negated {
			cond = fmt.Sprintf("%s != %d", s.reg, s.eq)
		}
		switch {
		case s.op != nil:
			b.WriteString(in + p.cOp(s.op, rng) + "\n")
		case s.loop != nil:
			round := ""
			for _, o := range s.loop {
				round += p.cOp(o, rng) + " "
			}
			switch rng.IntN(3) {
			case 0:
				fmt.Fprintf(b, "%sdo { %s} while (%s);\n", in, round, cond)
			case 1:
				fmt.Fprintf(b, "%sfor (;;) { %sif (!(%s)) break; }\n", in, round, cond)
			default:
				fmt.Fprintf(b, "%swhile (1) { %sif (%s) continue; break; }\n", in, round, cond)
			}
		default:
			fmt.Fprintf(b, "%sif (%s) {\n", in, cond)
			p.cBody(b, s.then, rng, in+"  ")
			if len(s.rest) > 0 {
				b.WriteString(in + "} else {\n")
				p.cBody(b, s.rest, rng, in+"  ")
			}
			b.WriteString(in + "}\n")
		}
	}
}

func (p *randProgram) cOp(o *randOp, rng *rand.Rand) string {
	at, plain := "", ""
	if o.kind != 'f' {
		at = p.names[o.loc]
		plain = "*" + at
	}
	if o.at != "" {
		at, plain = "&a["+o.at+" & 1]", "a["+o.at+" & 1]"
	} else if strings.HasSuffix(at, "]") {
		at, plain = "&"+at, at
	}
	arg := fmt.Sprint(o.arg)
	if o.dep != "" {
		arg += " + " + o.dep
	}
	suffix, order := "_explicit", ", "+orderNames[o.order]
	if o.order == engine.SeqCst && rng.IntN(2) == 0 {
		suffix, order = "", ""
	}
	switch o.kind {
	case 'r':
		if o.order == engine.NonAtomic {
			return fmt.Sprintf("%s = %s;", o.reg, plain)
		}
		return fmt.Sprintf("%s = atomic_load%s(%s%s);", o.reg, suffix, at, order)
	case 'w':
		if o.order == engine.NonAtomic {
			return fmt.Sprintf("%s = %s;", plain, arg)
		}
		return fmt.Sprintf("atomic_store%s(%s, %s%s);", suffix, at, arg, order)
	case 'f':
		return fmt.Sprintf("atomic_thread_fence(%s);", orderNames[o.order])
	case 'c':
		name := "strong"
		if o.weak {
			name = "weak"
		}
		// What it writes is computed before r gets what it expects.
		return fmt.Sprintf("int v%d = %s; int i%d = %s; int e%d = %d; int %s = atomic_compare_exchange_%s_explicit(%s, &e%d, v%d, %s, %s); %s = e%d;",
			o.id, arg, o.id, o.indexed(), o.id, o.exp, o.done(), name, strings.ReplaceAll(at, o.at+" &", fmt.Sprintf("i%d &", o.id)),
			o.id, o.id, orderNames[o.order], orderNames[o.fail], o.reg, o.id)
	}
	name := map[engine.Op]string{
		engine.OpAdd: "fetch_add", engine.OpSub: "fetch_sub", engine.OpAnd: "fetch_and", engine.OpOr: "fetch_or", engine.OpXor: "fetch_xor", engine.OpSwap: "exchange",
	}[o.op]
	return fmt.Sprintf("%s = atomic_%s%s(%s, %s%s);", o.reg, name, suffix, at, arg, order)
}

func (o *randOp) indexed() string {
	if o.at == "" {
		return "0"
	}
	return o.at
}

// json is the program in the JSON form.
func (p *randProgram) json() []byte {
	init := make(map[string]int64)
	for i, name := range p.names {
		init[name] = p.init[i]
	}
	var threads []any
	for _, body := range p.threads {
		threads = append(threads, p.jsonBody(body))
	}
	data, err := json.Marshal(map[string]any{"name": "random", "init": init, "threads": threads})
	if err != nil {
		panic(err)
	}
	return data
}

func (p *randProgram) jsonBody(body []randStmt) []any {
	orders := make(map[engine.Order]string)
	for name, o := range jsonOrders {
		orders[o] = name
	}
	list := []any{}
	for _, s := range body {
		o := s.op
		if o == nil {
			branch := map[string]any{"op": "if", "reg": s.reg, "eq": s.eq, "then": p.jsonBody(s.then)}
			if len(s.rest) > 0 {
				branch["else"] = p.jsonBody(s.rest)
			}
			list = append(list, branch)
			continue
		}
		var arg any = o.arg
		if o.dep != "" {
			arg = map[string]any{"reg": o.dep, "add": o.arg}
		}
		f := map[string]any{"mo": orders[o.order]}
		if o.kind != 'f' {
			f["var"] = p.names[o.loc]
		}
		switch o.kind {
		case 'r':
			f["op"], f["reg"] = "load", o.reg
		case 'w':
			f["op"], f["val"] = "store", arg
		case 'f':
			f["op"] = "fence"
		case 'c':
			f["op"], f["kind"], f["reg"], f["arg"] = "rmw", "cas", o.reg, arg
			f["expected"], f["mo_fail"] = o.exp, orders[o.fail]
		default:
			f["op"], f["kind"], f["reg"], f["arg"] = "rmw", "faa", o.reg, arg
			if o.op == engine.OpSwap {
				f["kind"] = "xchg"
			}
		}
		list = append(list, f)
	}
	return list
}
