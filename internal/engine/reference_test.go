package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The reference enumerates every reads-from and every coherence order of a
// small straight-line program and tests the axioms as they stand in the paper,
// by relations as boolean matrices. It knows nothing of the engine.

type refOp struct {
	kind  byte // 'r' load, 'w' store, 'u' fetch-add, 'c' compare-exchange 0 or 1 to arg, 'f' fence
	loc   int
	arg   uint64
	exp   uint64
	order Order
	fail  Order
}

func (o refOp) String() string {
	return fmt.Sprintf("%c%d(%d,%d)%v/%v", o.kind, o.loc, o.arg, o.exp, o.order, o.fail)
}

type refProg [][]refOp

// refMachine runs the same program on the engine.
type refMachine struct {
	prog refProg
	pc   []int
}

func (m *refMachine) Reset() { clear(m.pc) }

func (m *refMachine) Step(t int, ops *Ops) bool {
	for m.pc[t] < len(m.prog[t]) {
		o := m.prog[t][m.pc[t]]
		ok := false
		switch o.kind {
		case 'r':
			_, ok = ops.Load(o.loc, o.order)
		case 'w':
			ok = ops.Store(o.loc, o.arg, o.order)
		case 'u':
			_, _, ok = ops.Update(o.loc, &Update{Op: OpAdd, Arg: o.arg, Order: o.order})
		case 'c':
			_, _, ok = ops.Update(o.loc, &Update{Op: OpCAS, Arg: o.arg, Expected: o.exp, Order: o.order, Fail: o.fail})
		case 'f':
			ok = ops.Fence(o.order)
		}
		if !ok {
			return false
		}
		m.pc[t]++
	}
	return true
}

const refLocs = 2

type refEvent struct {
	op    refOp
	thr   int
	i     int
	read  bool
	write bool
	rf    int // event, or -1-loc for the initial value
	rval  uint64
	wval  uint64
	order Order
}

type relation [][]bool

func newRelation(n int) relation {
	r := make(relation, n)
	for i := range r {
		r[i] = make([]bool, n)
	}
	return r
}

func (r relation) or(s ...relation) relation {
	out := newRelation(len(r))
	for i := range r {
		for j := range r {
			out[i][j] = r[i][j]
			for _, o := range s {
				out[i][j] = out[i][j] || o[i][j]
			}
		}
	}
	return out
}

func (r relation) then(s relation) relation {
	out := newRelation(len(r))
	for i := range r {
		for k := range r {
			if r[i][k] {
				for j := range r {
					out[i][j] = out[i][j] || s[k][j]
				}
			}
		}
	}
	return out
}

func (r relation) closure() relation {
	out := r.or()
	for k := range r {
		for i := range r {
			if out[i][k] {
				for j := range r {
					out[i][j] = out[i][j] || out[k][j]
				}
			}
		}
	}
	return out
}

func (r relation) opt() relation {
	out := r.or()
	for i := range out {
		out[i][i] = true
	}
	return out
}

func (r relation) only(f func(i, j int) bool) relation {
	out := newRelation(len(r))
	for i := range r {
		for j := range r {
			out[i][j] = r[i][j] && f(i, j)
		}
	}
	return out
}

func (r relation) cyclic() bool {
	c := r.closure()
	for i := range c {
		if c[i][i] {
			return true
		}
	}
	return false
}

// referenceCount is the number of consistent executions of p.
func referenceCount(p refProg, mem Memory) int {
	var ev []refEvent
	for t := range p {
		for i, o := range p[t] {
			ev = append(ev, refEvent{op: o, thr: t, i: i})
		}
	}
	var reads []int
	for i, e := range ev {
		if e.op.kind == 'r' || e.op.kind == 'u' || e.op.kind == 'c' {
			reads = append(reads, i)
		}
	}
	count := 0
	var assign func(k int)
	assign = func(k int) {
		if k == len(reads) {
			count += refCheck(ev, mem)
			return
		}
		e := &ev[reads[k]]
		e.rf = -1
		assign(k + 1)
		for w := range ev {
			if o := ev[w].op; w != reads[k] && o.loc == e.op.loc && (o.kind == 'w' || o.kind == 'u' || o.kind == 'c') {
				e.rf = w
				assign(k + 1)
			}
		}
	}
	assign(0)
	return count
}

// refCheck computes the values and counts the coherence orders that fit.
func refCheck(in []refEvent, mem Memory) int {
	ev := slices.Clone(in)
	state := make([]int, len(ev))
	var value func(i int) bool
	value = func(i int) bool {
		if state[i] == 2 {
			return true
		}
		if state[i] == 1 {
			return false // out of thin air
		}
		state[i] = 1
		e := &ev[i]
		for j := range ev {
			if ev[j].thr == e.thr && ev[j].i < e.i && !value(j) {
				return false
			}
		}
		e.order = e.op.order
		e.read = e.op.kind == 'r' || e.op.kind == 'u' || e.op.kind == 'c'
		e.write = e.op.kind == 'w' || e.op.kind == 'u'
		e.wval = e.op.arg
		if e.read {
			e.rval = 0
			if e.rf >= 0 {
				if !value(e.rf) || !ev[e.rf].write {
					return false
				}
				e.rval = ev[e.rf].wval
			}
			switch e.op.kind {
			case 'u':
				e.wval = e.rval + e.op.arg
			case 'c':
				e.write = e.rval == e.op.exp
				if !e.write {
					e.order = e.op.fail
				}
			}
		}
		state[i] = 2
		return true
	}
	for i := range ev {
		if !value(i) {
			return 0
		}
	}
	var writes [refLocs][]int
	for i, e := range ev {
		if e.write {
			writes[e.op.loc] = append(writes[e.op.loc], i)
		}
	}
	count := 0
	var place func(l int)
	place = func(l int) {
		if l == refLocs {
			if refConsistent(ev, writes, mem) {
				count++
			}
			return
		}
		permute(writes[l], 0, func() { place(l + 1) })
	}
	place(0)
	return count
}

func permute(a []int, k int, f func()) {
	if k >= len(a) {
		f()
		return
	}
	for i := k; i < len(a); i++ {
		a[k], a[i] = a[i], a[k]
		permute(a, k+1, f)
		a[k], a[i] = a[i], a[k]
	}
}

func refConsistent(ev []refEvent, co [refLocs][]int, mem Memory) bool {
	n := len(ev)
	all := func(f func(i, j int) bool) relation {
		r := newRelation(n)
		for i := range r {
			for j := range r {
				r[i][j] = f(i, j)
			}
		}
		return r
	}
	pos := func(w int) int {
		if w < 0 {
			return -1
		}
		return slices.Index(co[ev[w].op.loc], w)
	}
	fence := func(i int) bool { return ev[i].op.kind == 'f' }
	sameLoc := func(i, j int) bool { return !fence(i) && !fence(j) && ev[i].op.loc == ev[j].op.loc }
	sb := all(func(i, j int) bool { return ev[i].thr == ev[j].thr && ev[i].i < ev[j].i })
	rf := all(func(i, j int) bool { return ev[j].read && ev[j].rf == i })
	mo := all(func(i, j int) bool { return ev[i].write && ev[j].write && sameLoc(i, j) && pos(i) < pos(j) })
	rb := all(func(i, j int) bool {
		return i != j && ev[i].read && ev[j].write && sameLoc(i, j) && pos(ev[i].rf) < pos(j)
	})
	for i, e := range ev {
		if e.read && e.write && pos(i) != pos(e.rf)+1 {
			return false
		}
	}
	if mem == SC {
		return !sb.or(rf, mo, rb).cyclic()
	}
	rel := func(i int) bool { return ev[i].order.releases() }
	acq := func(i int) bool { return ev[i].order.acquires() }
	// rs = [W];(rf;rmw)*: an update is one event here.
	rfrmw := rf.only(func(i, j int) bool { return ev[j].read && ev[j].write })
	rs := rfrmw.closure().opt().only(func(i, _ int) bool { return ev[i].write })
	id := all(func(i, j int) bool { return i == j })
	before := id.only(func(i, _ int) bool { return rel(i) && !fence(i) }).
		or(sb.only(func(i, j int) bool { return fence(i) && rel(i) && !fence(j) }))
	after := id.only(func(i, _ int) bool { return acq(i) && !fence(i) }).
		or(sb.only(func(i, j int) bool { return fence(j) && acq(j) && !fence(i) }))
	sw := before.then(rs).then(rf).then(after)
	hb := sb.or(sw).closure()
	eco := rf.or(mo, rb).closure()
	bad := hb.then(eco.opt())
	for i := range bad {
		if bad[i][i] {
			return false
		}
	}
	if sb.or(rf).cyclic() {
		return false
	}
	sc := func(i int) bool { return ev[i].order == SeqCst }
	fsc := func(i int) bool { return fence(i) && sc(i) }
	diff := sb.only(func(i, j int) bool { return !sameLoc(i, j) })
	scb := sb.or(diff.then(hb).then(diff), hb.only(sameLoc), mo, rb)
	left := id.only(func(i, _ int) bool { return sc(i) && !fence(i) }).or(hb.opt().only(func(i, _ int) bool { return fsc(i) }))
	right := id.only(func(i, _ int) bool { return sc(i) && !fence(i) }).or(hb.opt().only(func(_, j int) bool { return fsc(j) }))
	base := left.then(scb).then(right)
	pscF := hb.or(hb.then(eco).then(hb)).only(func(i, j int) bool { return fsc(i) && fsc(j) })
	return !base.or(pscF).cyclic()
}

func engineCount(p refProg, mem Memory) Result {
	m := &refMachine{prog: p, pc: make([]int, len(p))}
	return ExploreMachine(m, Config{Memory: mem, Threads: len(p), Init: make([]uint64, refLocs)})
}

// The engine finds as many executions of random small programs as the
// enumeration does.
func TestEngineAgreesWithEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	n := 1500
	if testing.Short() {
		n = 300
	}
	for k := range n {
		p := randomProgram(rng, k%3 == 0)
		for _, mem := range []Memory{RC11, SC} {
			want := referenceCount(p, mem)
			got := engineCount(p, mem)
			if got.Executions != want || got.Blocked != 0 || got.Failure != nil {
				t.Fatalf("program %d under %v: %d executions (%d blocked, %v), the enumeration has %d\n%v", k, mem, got.Executions, got.Blocked, got.Failure, want, p)
			}
		}
	}
}

func randomProgram(rng *rand.Rand, sc bool) refProg {
	pick := func(o ...Order) Order {
		if sc && rng.IntN(2) == 0 {
			return SeqCst
		}
		return o[rng.IntN(len(o))]
	}
	threads := 2 + rng.IntN(2)
	budget := 6
	var p refProg
	for t := range threads {
		n := 1 + rng.IntN(3)
		if left := budget - (threads - 1 - t); n > left {
			n = left
		}
		budget -= n
		var ops []refOp
		for range n {
			o := refOp{loc: rng.IntN(refLocs), arg: uint64(1 + rng.IntN(2))}
			switch rng.IntN(10) {
			case 0, 1, 2:
				o.kind, o.order = 'r', pick(Relaxed, Acquire, SeqCst)
			case 3, 4, 5:
				o.kind, o.order = 'w', pick(Relaxed, Release, SeqCst)
			case 6:
				o.kind, o.order = 'u', pick(Relaxed, Acquire, Release, AcqRel, SeqCst)
			case 7, 8:
				o.kind, o.order, o.exp = 'c', pick(Relaxed, Acquire, Release, AcqRel, SeqCst), uint64(rng.IntN(2))
				o.fail = pick(Relaxed, Acquire, SeqCst)
			case 9:
				o.kind, o.order = 'f', pick(Acquire, Release, AcqRel, SeqCst)
			}
			ops = append(ops, o)
		}
		p = append(p, ops)
	}
	return p
}
