package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A restless program has loops that may change something in each round. Its threads are
// lists of instructions, so that all of the state of a thread is known: see restlessState.
type restless [][]restlessInstr

// A restlessInstr is an operation, or what a thread does by itself.
type restlessInstr struct {
	// r: load; w: store arg; x: swap arg; c: compare-exchange from exp to arg; l: lock;
	// u: unlock; b: go to if the value read last is arg; n: go to if it is not; j: go to;
	// k: go to, the first arg times.
	op       byte
	loc      int
	arg, exp uint64
	to       int
}

const (
	restlessLocs = 2
	restlessLock = restlessLocs // its number as a location
)

func (p restless) String() string {
	var b strings.Builder
	for t, list := range p {
		fmt.Fprintf(&b, "thread %d:", t+1)
		for i, s := range list {
			fmt.Fprintf(&b, " %d:%c(%d, %d, %d)->%d", i, s.op, s.loc, s.arg, s.exp, s.to)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func randomRestless(rng *rand.Rand) restless {
	p := make(restless, 2+truth(rng.IntN(4) == 0))
	locks := rng.IntN(3) == 0
	for t := range p {
		g := &restlessGen{rng: rng, locks: locks}
		g.ops(rng.IntN(3))
		if t < 2 || rng.IntN(2) == 0 {
			g.loop()
		}
		g.ops(rng.IntN(3))
		p[t] = g.list
	}
	return p
}

type restlessGen struct {
	rng   *rand.Rand
	list  []restlessInstr
	locks bool
}

func (g *restlessGen) add(s restlessInstr) { g.list = append(g.list, s) }

func (g *restlessGen) ops(n int) {
	for range n {
		g.add(restlessInstr{op: "rwwwxc"[g.rng.IntN(6)], loc: g.rng.IntN(restlessLocs), arg: uint64(g.rng.IntN(2)), exp: uint64(g.rng.IntN(2))})
	}
}

// loop is some operations, one or two ways out behind reads, and more operations.
func (g *restlessGen) loop() {
	begin := len(g.list)
	var leave []int
	lock := g.locks && g.rng.IntN(3) > 0
	if lock {
		g.add(restlessInstr{op: 'l', loc: restlessLock})
	}
	for range 1 + g.rng.IntN(2) {
		g.ops(g.rng.IntN(2))
		g.add(restlessInstr{op: "rrrxc"[g.rng.IntN(5)], loc: g.rng.IntN(restlessLocs), arg: uint64(g.rng.IntN(2)), exp: uint64(g.rng.IntN(2))})
		if !lock || g.rng.IntN(2) == 0 {
			leave = append(leave, len(g.list))
			g.add(restlessInstr{op: "bn"[g.rng.IntN(2)], arg: uint64(g.rng.IntN(2))})
		}
	}
	g.ops(g.rng.IntN(2))
	if lock {
		g.add(restlessInstr{op: 'u', loc: restlessLock})
		leave = append(leave, len(g.list))
		g.add(restlessInstr{op: "bn"[g.rng.IntN(2)], arg: uint64(g.rng.IntN(2))})
	}
	if g.rng.IntN(5) == 0 {
		g.add(restlessInstr{op: 'k', arg: uint64(1 + g.rng.IntN(20)), to: begin})
	} else {
		g.add(restlessInstr{op: 'j', to: begin})
	}
	for _, i := range leave {
		g.list[i].to = len(g.list)
	}
}

// A restlessThread is all of the state of a thread.
type restlessThread struct {
	at    int // an operation, or the end
	last  uint64
	count uint64
}

// goOn runs what a thread does by itself, up to its next operation.
func (t *restlessThread) goOn(list []restlessInstr) {
	for t.at < len(list) {
		s := &list[t.at]
		jump := false
		switch s.op {
		case 'b':
			jump = t.last == s.arg
		case 'n':
			jump = t.last != s.arg
		case 'j':
			jump = true
		case 'k':
			jump = t.count < s.arg
			t.count += uint64(truth(jump))
		default:
			return
		}
		if t.at++; jump {
			t.at = s.to
		}
	}
}

// main is the program as the engine runs it.
func (p restless) main() func() {
	return func() {
		t := Current()
		var tags [restlessLocs + 1]Tag
		handles := make([]*Thread, len(p))
		for i, list := range p {
			handles[i] = t.Spawn(func(data, _ any) {
				me := data.(*restlessThread)
				u := Current()
				for me.goOn(list); me.at < len(list); me.goOn(list) {
					s := &list[me.at]
					at := &tags[s.loc]
					switch s.op {
					case 'r':
						me.last = u.Load(at, 0, SeqCst)
					case 'w':
						u.Store(at, 0, s.arg, SeqCst)
					case 'x':
						me.last = u.Fetch(at, 0, OpSwap, s.arg, SeqCst, 64)
					case 'c':
						me.last, _ = u.CompareExchange(at, 0, s.exp, s.arg, SeqCst, SeqCst, false, 64)
					case 'l':
						u.Enter(at, 0, 1, 1, Acquire)
					case 'u':
						u.Store(at, 0, 0, Release)
					}
					me.at++
				}
				u.End()
			}, new(restlessThread), nil)
			handles[i].MarkJoined()
		}
		for _, h := range handles {
			t.AwaitEnd(h.Ending())
		}
	}
}
