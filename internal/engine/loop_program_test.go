package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A loopProg is a random program with busy loops, one list of statements for
// each thread. It runs in a model as a user's program does.
type loopProg [][]loopStmt

// A loopStmt is an operation, or a loop of operations.
type loopStmt struct {
	id   int // where it stands
	op   refOp
	on   []loopStmt // not nil: a loop
	hint bool       // SpinLoop at the end of each round
	most int        // rounds, after which the loop is left; 0: any number
	// left, of an operation in a loop, ends the loop if the value read is (or is not) until.
	left, not bool
	until     uint64
}

func (s loopStmt) String() string {
	if s.on == nil {
		text := s.op.String()
		if s.left {
			text += fmt.Sprintf(" break if %v%d", map[bool]string{true: "not ", false: ""}[s.not], s.until)
		}
		return text
	}
	var list []string
	for _, b := range s.on {
		list = append(list, b.String())
	}
	return fmt.Sprintf("loop(hint %v, most %d){%s}", s.hint, s.most, strings.Join(list, "; "))
}

func (p loopProg) String() string {
	var b strings.Builder
	for t, list := range p {
		fmt.Fprintf(&b, "thread %d: %v\n", t, list)
	}
	return b.String()
}

// loopGen makes random programs.
type loopGen struct {
	rng    *rand.Rand
	ids    int
	locs   int
	sc     int
	fences bool
	plain  bool // simple loops only: then counts can be compared, too
}

func (g *loopGen) order(o ...Order) Order {
	if g.rng.IntN(4) < g.sc {
		return SeqCst
	}
	return o[g.rng.IntN(len(o))]
}

func (g *loopGen) op(kinds string) loopStmt {
	g.ids++
	o := refOp{kind: kinds[g.rng.IntN(len(kinds))], loc: g.rng.IntN(g.locs), arg: uint64(g.rng.IntN(3)), exp: uint64(g.rng.IntN(3))}
	switch o.kind {
	case 'r':
		o.order = g.order(Relaxed, Acquire)
	case 'w':
		o.order = g.order(Relaxed, Release)
	case 'f':
		o.order = g.order(Acquire, Release, AcqRel)
	case 'l', 'U':
		o.loc = loopLocs // the lock
	default:
		o.order, o.fail = g.order(Relaxed, Acquire, Release, AcqRel), g.order(Relaxed, Acquire)
	}
	o.cond, o.when = g.rng.IntN(4) == 0, uint64(g.rng.IntN(2))
	return loopStmt{id: g.ids, op: o}
}

// wait is an operation that a loop can end with: a load, or an update that a
// second time changes nothing.
func (g *loopGen) wait() loopStmt {
	s := g.op("rrxocmne^")
	s.op.cond = false
	s.left, s.not, s.until = true, g.rng.IntN(2) == 0, uint64(g.rng.IntN(3))
	switch s.op.kind {
	case 'x': // until it finds something else than it writes
		s.not, s.until = true, s.op.arg
	case 'o':
		s.op.arg = 1
	case 'm', 'n': // max and min, which change something once
	case 'e': // nand, of one bit: of 0 it changes nothing a second time
		s.op.arg = 0
	case '^':
		s.op.arg = 0
	case 'c': // until it takes effect
		s.not, s.until = false, s.op.exp
	}
	return s
}

func (g *loopGen) loop(depth int) loopStmt {
	g.ids++
	l := loopStmt{id: g.ids, hint: g.rng.IntN(2) == 0}
	inner := "r"
	if g.fences {
		inner = "rrf"
	}
	for range g.rng.IntN(2) + g.rng.IntN(2)*truth(!g.plain) {
		b := g.op(inner)
		if g.plain {
			b.op.cond = false
		}
		l.on = append(l.on, b)
	}
	if !g.plain {
		switch g.rng.IntN(8) {
		case 0:
			l.most = 1 + g.rng.IntN(3)
		case 1:
			if depth > 0 {
				l.on = append(l.on, g.loop(depth-1))
			}
		case 2: // left in the middle
			l.on = append(l.on, g.wait(), g.op("r"))
		case 3:
			if depth == 0 {
				break // the loop around it would change something in each round, and have no end
			}
			l.most = 1 + g.rng.IntN(3)
			l.on = append(l.on, g.op("wux"))
		}
	}
	l.on = append(l.on, g.wait())
	return l
}

// loopLocs are the locations of a program, besides a lock and plain data.
const (
	loopLocs = 2
	plainLoc = loopLocs + 1
)

// withPlain is the program with accesses to plain data: reads (p), also in loops, and
// writes (q) outside of them.
func (p loopProg) withPlain(rng *rand.Rand) loopProg {
	for t := range p {
		p[t] = plainIn(rng, p[t], false)
	}
	return p
}

func plainIn(rng *rand.Rand, list []loopStmt, loop bool) (with []loopStmt) {
	access := func(kinds string) {
		o := refOp{kind: kinds[rng.IntN(len(kinds))], loc: plainLoc, cond: rng.IntN(3) == 0, when: uint64(rng.IntN(2))}
		with = append(with, loopStmt{op: o})
	}
	for _, s := range list {
		switch {
		case loop && rng.IntN(3) == 0:
			access("p")
		case !loop && rng.IntN(4) == 0:
			access("ppq")
		}
		if s.on != nil {
			s.on = plainIn(rng, s.on, true)
		}
		with = append(with, s)
	}
	if !loop && rng.IntN(3) == 0 {
		access("q")
	}
	return with
}

func randomLoops(rng *rand.Rand) loopProg {
	g := &loopGen{rng: rng, locs: 1 + rng.IntN(loopLocs), sc: rng.IntN(4), fences: rng.IntN(3) == 0, plain: rng.IntN(3) == 0}
	locks := rng.IntN(6) == 0
	p := make(loopProg, 2+truth(rng.IntN(3) == 0))
	loops := 0
	for t := range p {
		for range rng.IntN(3) {
			p[t] = append(p[t], g.op("rrwuxcf"))
		}
		if loops == 0 || loops < 2 && rng.IntN(2) == 0 {
			p[t] = append(p[t], g.loop(1))
			loops++
		}
		if locks && rng.IntN(2) == 0 {
			lock, unlock := g.op("l"), g.op("U")
			lock.op.cond, unlock.op.cond = false, false
			at := rng.IntN(len(p[t]) + 1)
			end := at + rng.IntN(len(p[t])+1-at)
			list := append([]loopStmt{}, p[t][:at]...)
			list = append(append(append(list, lock), p[t][at:end]...), unlock)
			p[t] = append(list, p[t][end:]...)
		}
		for range rng.IntN(2) {
			p[t] = append(p[t], g.op("rwwx"))
		}
	}
	return p
}
