package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// A loopMem is what a thread of a loopProg works on.
type loopMem interface {
	// do performs an operation and reports what it read.
	do(s *loopStmt) uint64
	spin()
	// tired is called when a loop without a bound has gone round so often in vain.
	tired(rounds int)
}

// A loopThread runs the statements of one thread.
type loopThread struct {
	m       loopMem
	at      int    // the statement
	last    uint64 // read
	out     []uint64
	changed bool // the operation just done changed something
	again   bool // a round came that an exploration of loops as waits does not have
}

// run runs a list, and reports whether the loop around it is left.
func (t *loopThread) run(list []loopStmt) (left bool) {
	for i := range list {
		s := &list[i]
		switch {
		case s.on != nil:
			t.loop(s)
		case s.op.cond && t.last != s.op.when:
		default:
			t.at = s.id
			v := t.m.do(s)
			if s.op.reads() || strings.ContainsRune("omne^", rune(s.op.kind)) {
				t.last = v
				t.out = append(t.out, v)
			}
			if s.left && (v == s.until) != s.not {
				return true
			}
		}
	}
	return false
}

// hints reports whether a round of the loop may call SpinLoop: in the loop itself, or in
// one inside it.
func (l *loopStmt) hints() bool {
	return l.hint || slices.ContainsFunc(l.on, func(s loopStmt) bool { return s.on != nil && s.hints() })
}

func (t *loopThread) loop(l *loopStmt) {
	var rounds [][]uint64 // those that changed nothing
	for n := 1; ; n++ {
		begin := len(t.out)
		if l.hints() {
			t.last = 0 // SpinLoop promises that each round begins alike
		}
		t.changed = false
		if t.run(l.on) || n == l.most {
			return
		}
		if l.hint {
			t.m.spin()
		}
		if l.most > 0 {
			continue
		}
		// The outcome is that of the round in which the loop is left.
		if t.changed {
			rounds = nil
		} else {
			rounds = append(rounds, slices.Clone(t.out[begin:]))
		}
		t.out = t.out[:begin]
		t.m.tired(n)
		if k := len(rounds); k > 0 && (l.hint || k > 1 && slices.Equal(rounds[k-1], rounds[k-2])) {
			t.again = true
		}
	}
}

// A modelMem is the engine's memory.
type modelMem struct {
	t    *Thread
	run  *loopRun
	me   int
	tags *[loopLocs + 2]Tag
}

func (m *modelMem) do(s *loopStmt) uint64 {
	t, o, at := m.t, &s.op, &m.tags[s.op.loc]
	switch o.kind {
	case 'p':
		t.PlainRead(at)
		return 0
	case 'q':
		t.PlainWrite(at)
		m.run.threads[m.me].changed = true
		return 0
	}
	var v, writes uint64
	th := m.run.threads[m.me]
	switch o.kind {
	case 'r':
		v = t.Load(at, 0, o.order)
	case 'w', 'U':
		if o.kind == 'U' {
			t.Store(at, 0, 0, Release)
		} else {
			t.Store(at, 0, o.arg, o.order)
		}
		th.changed = true
	case 'f':
		t.Fence(o.order)
	case 'l':
		t.Enter(at, 0, 1, 1, Acquire)
		th.changed = true
	default:
		u := o.update()
		done := false
		v, done = t.Update(at, 0, u)
		writes = v
		if done || u.Op != OpCAS {
			writes = applied(u, v)
		}
		th.changed = th.changed || writes != v
	}
	m.run.found[m.me] = append(m.run.found[m.me], v)
	return v
}

func (o *refOp) update() *Update {
	u := &Update{Arg: o.arg, Order: o.order, Width: 64}
	switch o.kind {
	case 'u':
		u.Op = OpAdd
	case 'x':
		u.Op = OpSwap
	case 'o':
		u.Op = OpOr
	case 'm':
		u.Op = OpMax
	case 'n':
		u.Op = OpMin
	case 'e':
		u.Op, u.Width = OpNand, 1
	case '^':
		u.Op = OpXor
	case 'c':
		u.Op, u.Expected, u.Fail = OpCAS, o.exp, o.fail
	}
	return u
}

func applied(u *Update, old uint64) uint64 {
	e := graph.Event{Op: u.Op, Arg: u.Arg, Width: u.Width}
	return e.Apply(old)
}

func (m *modelMem) spin() { m.t.SpinLoop() }

func (m *modelMem) tired(rounds int) {
	if m.run.most > 0 && rounds >= m.run.most {
		m.run.tired[m.me] = true
		m.t.Assume(false)
	}
}

// A loopRun is an execution of a loopProg.
type loopRun struct {
	prog    loopProg
	most    int // rounds of a loop without a bound; 0: all
	threads []*loopThread
	handles []*Thread
	found   [][]uint64 // by the operations of each thread
	tired   []bool
	over    []bool
	tags    *[loopLocs + 2]Tag
}

func (r *loopRun) main() {
	n := len(r.prog)
	r.threads, r.handles = make([]*loopThread, n), make([]*Thread, n)
	r.found, r.tired, r.over = make([][]uint64, n), make([]bool, n), make([]bool, n)
	r.tags = new([loopLocs + 2]Tag)
	t := Current()
	for i := range n {
		r.threads[i] = new(loopThread)
		r.handles[i] = t.Spawn(func(data, _ any) {
			me := data.(*loopThread)
			me.m = &modelMem{Current(), r, i, r.tags}
			me.run(r.prog[i])
			Current().End()
			r.over[i] = true
		}, r.threads[i], nil)
		r.handles[i].MarkJoined()
	}
	for _, h := range r.handles {
		t.AwaitEnd(h.Ending())
	}
	var b strings.Builder
	again := false
	for _, th := range r.threads {
		fmt.Fprint(&b, th.out)
		again = again || th.again
	}
	for i := range plainLoc {
		fmt.Fprint(&b, " ", t.Load(&r.tags[i], 0, Relaxed))
	}
	if again && r.most > 0 {
		b.WriteString(againMark)
	}
	t.Observe([]any{b.String()})
}

const againMark = " again"

// A finalMem is a memory that does not change any more: the first operations
// find what they have found, the others what is last in coherence order.
type finalMem struct {
	found []uint64
	mem   [loopLocs + 1]uint64
	left  int
}

type (
	goesOn     struct{} // the thread changes something, or ends
	goesNoMore struct{}
)

func (m *finalMem) do(s *loopStmt) uint64 {
	switch s.op.kind {
	case 'p':
		return 0
	case 'q':
		if len(m.found) == 0 {
			panic(goesOn{})
		}
		return 0
	}
	if len(m.found) > 0 {
		v := m.found[0]
		m.found = m.found[1:]
		return v
	}
	if m.left--; m.left < 0 {
		panic(goesNoMore{})
	}
	o, v := &s.op, m.mem[s.op.loc]
	switch o.kind {
	case 'r', 'f':
	case 'w', 'U':
		panic(goesOn{})
	case 'l':
		if v == 0 {
			panic(goesOn{})
		}
		panic(goesNoMore{})
	default:
		u := o.update()
		if (u.Op != OpCAS || v == u.Expected) && applied(u, v) != v {
			panic(goesOn{})
		}
	}
	return v
}

func (*finalMem) spin()     {}
func (*finalMem) tired(int) {}

// stuck reports whether thread i never ends, nor changes anything, if it finds
// the last values from now on.
func (r *loopRun) stuck(e *Engine, i int) (stuck bool) {
	m := &finalMem{found: r.found[i], left: 60}
	for l := range m.mem {
		m.mem[l] = e.last(&r.tags[l])
	}
	defer func() {
		if _, stuck = recover().(goesNoMore); !stuck {
			stuck = false
		}
	}()
	(&loopThread{m: m}).run(r.prog[i])
	return false
}

// last is the last value of the object with that tag.
func (e *Engine) last(at *Tag) uint64 {
	loc, ok := at.loc, at.serial.Load() == e.serial
	if !ok {
		if loc, ok = e.shared[at]; !ok {
			return 0
		}
	}
	l := &e.x.G.Loc[loc]
	return e.x.G.ValueAt(l, int32(len(l.CO))-1)
}

// deadlocked reports whether nothing happens any more in the run just over.
func (r *loopRun) deadlocked(e *Engine) bool {
	for i := range r.prog {
		if r.threads[i] == nil || r.threads[i].m == nil {
			return false
		}
		if !r.over[i] && !r.stuck(e, i) {
			return false
		}
	}
	return true
}
