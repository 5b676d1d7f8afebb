package litmus

import (
	"fmt"
	"math/rand/v2"

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
			over := -1
			if s.mixed() { // one round may be noticed, for it may race
				for _, o := range s.loop {
					first := *o
					first.id = len(p.ops)
					p.ops = append(p.ops, &first)
					code = append(code, randInstr{op: &first})
				}
				over = len(code)
				code = append(code, randInstr{reg: s.reg, eq: s.eq, negated: s.negated})
			}
			for _, o := range s.loop {
				code = append(code, randInstr{op: o})
			}
			if over >= 0 {
				code[over].target = len(code) + 1
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

// mixed reports whether the loop has plain loads and others.
func (s *randStmt) mixed() bool {
	plain := 0
	for _, o := range s.loop {
		plain += int(truth(o.order == engine.NonAtomic))
	}
	return plain > 0 && plain < len(s.loop)
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
