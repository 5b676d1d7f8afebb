package litmus

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
)

// The reference finds what a random program can do without the engine: under
// RC11 it takes every reads-from and every coherence order and tests the
// axioms on relations, under SC it interleaves the threads.

// A refEvent is one operation of an execution.
type refEvent struct {
	thr, idx    int
	op          *randOp
	loc         int // -1: a fence
	order       engine.Order
	read, write bool
	rf          int // number of the operation read from, -1: the initial value
	rval, wval  int64
}

// A refExecution is what is seen of an execution.
type refExecution struct {
	final   map[string]int64
	blocked bool
	racy    bool
}

// A refThread is a thread on its way.
type refThread struct {
	pc, events int
	regs       map[string]int64
	stuck      bool
}

// local runs what is no memory operation, and returns the next one, nil if there is none.
func (t *refThread) local(code []randInstr) *randOp {
	for t.pc < len(code) && !t.stuck {
		in := &code[t.pc]
		switch {
		case in.op != nil:
			return in.op
		case in.wait:
			t.stuck = (t.regs[in.reg] == in.eq) != in.negated
		case in.reg == "" || (t.regs[in.reg] == in.eq) == in.negated:
			t.pc = in.target
			continue
		}
		t.pc++
	}
	return nil
}

// perform does o, which reads old, and returns its event.
func (t *refThread) perform(thr int, o *randOp, old int64, spurious bool) refEvent {
	e := refEvent{thr: thr, idx: t.events, op: o, loc: o.place(t.regs), order: o.order, rval: old, rf: -1}
	arg := o.arg
	if o.dep != "" {
		arg += t.regs[o.dep]
	}
	e.read = o.kind == 'r' || o.kind == 'u' || o.kind == 'c'
	e.write = o.kind == 'w' || o.kind == 'u'
	switch o.kind {
	case 'f':
		e.loc = -1
	case 'w':
		e.wval = arg
	case 'u':
		e.wval = o.apply(old, arg)
	case 'c':
		e.write = old == o.exp && !spurious
		if e.wval = arg; !e.write {
			e.order = o.fail
		}
		t.regs[o.done()] = truth(e.write)
	}
	if e.read {
		t.regs[o.reg] = old
	}
	t.events++
	t.pc++
	return e
}

func (p *randProgram) threadsAtStart() []*refThread {
	var list []*refThread
	for range p.code {
		list = append(list, &refThread{regs: make(map[string]int64)})
	}
	return list
}

// reference lists the executions of p, those that block as well.
func (p *randProgram) reference(memory Memory) []refExecution {
	if memory == SC {
		return p.interleavings()
	}
	var reads, writes []*randOp
	for _, o := range p.ops {
		if o.kind != 'w' && o.kind != 'f' {
			reads = append(reads, o)
		}
		if o.kind != 'r' && o.kind != 'f' {
			writes = append(writes, o)
		}
	}
	rf := make([]int, len(p.ops))
	for i := range rf {
		rf[i] = -1
	}
	spurious := make([]bool, len(p.ops))
	var out []refExecution
	var assign func(k int)
	assign = func(k int) {
		if k == len(reads) {
			out = append(out, p.candidates(rf, spurious)...)
			return
		}
		o := reads[k]
		for w := -1; w < len(writes); w++ {
			from := -1
			if w >= 0 {
				if from = writes[w].id; from == o.id || !writes[w].dynamic() && !o.dynamic() && writes[w].loc != o.loc {
					continue
				}
			}
			rf[o.id] = from
			assign(k + 1)
			if o.weak {
				spurious[o.id] = true
				assign(k + 1)
				spurious[o.id] = false
			}
		}
		rf[o.id] = -1
	}
	assign(0)
	return out
}

// candidates are the consistent executions with that reads-from.
func (p *randProgram) candidates(rf []int, spurious []bool) (out []refExecution) {
	threads := p.threadsAtStart()
	done := make(map[int]*refEvent)
	for moved := true; moved; {
		moved = false
		for i, t := range threads {
			for o := t.local(p.code[i]); o != nil; o = t.local(p.code[i]) {
				var old int64
				reads := o.kind != 'w' && o.kind != 'f'
				if w := rf[o.id]; reads && w >= 0 {
					from := done[w]
					if from == nil {
						break
					}
					if !from.write || from.loc != o.place(t.regs) {
						return nil
					}
					old = from.wval
				} else if reads {
					old = p.init[o.place(t.regs)]
				}
				if spurious[o.id] && old != o.exp {
					return nil
				}
				e := t.perform(i, o, old, spurious[o.id])
				e.rf = rf[o.id]
				done[o.id] = &e
				moved = true
			}
		}
	}
	for i, t := range threads {
		if t.local(p.code[i]) != nil {
			return nil // out of thin air
		}
	}
	var ev []*refEvent
	for id := range p.ops {
		if e := done[id]; e != nil {
			ev = append(ev, e)
		} else if rf[id] >= 0 || spurious[id] {
			return nil // the same as without
		}
	}
	mo := make([][]*refEvent, len(p.init))
	for _, e := range ev {
		if e.write {
			mo[e.loc] = append(mo[e.loc], e)
		}
	}
	var place func(loc int)
	place = func(loc int) {
		if loc == len(mo) {
			if g := newRefGraph(ev, mo); g.consistent() {
				out = append(out, p.finished(threads, mo, g.racy()))
			}
			return
		}
		permutations(mo[loc], 0, func() { place(loc + 1) })
	}
	place(0)
	return out
}

func permutations(a []*refEvent, k int, f func()) {
	if k >= len(a) {
		f()
		return
	}
	for i := k; i < len(a); i++ {
		a[k], a[i] = a[i], a[k]
		permutations(a, k+1, f)
		a[k], a[i] = a[i], a[k]
	}
}

func (p *randProgram) finished(threads []*refThread, mo [][]*refEvent, racy bool) refExecution {
	x := refExecution{final: make(map[string]int64), racy: racy}
	for loc, w := range mo {
		x.final[p.names[loc]] = p.init[loc]
		if len(w) > 0 {
			x.final[p.names[loc]] = w[len(w)-1].wval
		}
	}
	for i, t := range threads {
		x.blocked = x.blocked || t.stuck
		for r, v := range t.regs {
			x.final[fmt.Sprintf("%d:%s", i, r)] = v
		}
	}
	return x
}

// interleavings lists the executions under sequential consistency, each once.
func (p *randProgram) interleavings() (out []refExecution) {
	seen := make(map[string]bool)
	var step func(threads []*refThread, ev []*refEvent, mo [][]*refEvent)
	step = func(threads []*refThread, ev []*refEvent, mo [][]*refEvent) {
		over := true
		for i := range threads {
			next := make([]*refThread, len(threads))
			for k, t := range threads {
				c := *t
				c.regs = make(map[string]int64, len(t.regs))
				for r, v := range t.regs {
					c.regs[r] = v
				}
				next[k] = &c
			}
			t := next[i]
			o := t.local(p.code[i])
			if o == nil {
				threads[i] = t // its jumps are done
				continue
			}
			over = false
			for _, spurious := range []bool{false, true} {
				if spurious && !o.weak {
					continue
				}
				mine, loc := *t, o.place(t.regs)
				mine.regs = make(map[string]int64, len(t.regs))
				for r, v := range t.regs {
					mine.regs[r] = v
				}
				old, from := int64(0), -1
				if o.kind != 'f' {
					old = p.init[loc]
					if w := mo[loc]; len(w) > 0 {
						old, from = w[len(w)-1].wval, w[len(w)-1].op.id
					}
				}
				if spurious && old != o.exp {
					continue
				}
				e := mine.perform(i, o, old, spurious)
				if e.read {
					e.rf = from
				}
				if e.order != engine.NonAtomic {
					e.order = engine.SeqCst
				}
				after := slices.Clone(mo)
				if e.write {
					after[e.loc] = append(slices.Clone(mo[e.loc]), &e)
				}
				beside := slices.Clone(next)
				beside[i] = &mine
				step(beside, append(slices.Clone(ev), &e), after)
			}
		}
		if !over {
			return
		}
		key := make([]string, 0, len(ev))
		for _, e := range ev {
			key = append(key, fmt.Sprint(e.op.id, e.rf, e.write))
		}
		slices.Sort(key)
		for _, w := range mo {
			key = append(key, "|")
			for _, e := range w {
				key = append(key, fmt.Sprint(e.op.id))
			}
		}
		if k := fmt.Sprint(key); !seen[k] {
			seen[k] = true
			slices.SortFunc(ev, func(a, b *refEvent) int { return a.op.id - b.op.id })
			out = append(out, p.finished(threads, mo, newRefGraph(ev, mo).racy()))
		}
	}
	step(p.threadsAtStart(), nil, make([][]*refEvent, len(p.init)))
	return out
}
