package engine

import "slices"

// The reference enumerates every reads-from and every coherence order of a
// small program and tests the axioms as they stand in the paper, by relations
// as boolean matrices. It knows nothing of the engine.

type refEvent struct {
	op    refOp
	thr   int
	i     int
	gone  bool // its condition does not hold: it is not in the execution
	read  bool
	write bool
	rf    int // event, or -1 for the initial value
	rval  uint64
	wval  uint64
	last  uint64 // what the thread has read last, this event included
	order Order
}

// refCounts is what a program can do.
type refCounts struct{ executions, races int }

// A relation over at most 16 events: row i has bit j where i is related to j.
type relation [16]uint16

func (r relation) has(i, j int) bool { return r[i]>>j&1 != 0 }

func (r relation) or(s ...relation) relation {
	for i := range r {
		for k := range s {
			r[i] |= s[k][i]
		}
	}
	return r
}

func (r relation) then(s relation) (out relation) {
	for i := range r {
		for k := range s {
			if r.has(i, k) {
				out[i] |= s[k]
			}
		}
	}
	return out
}

func (r relation) closure() relation {
	for k := range r {
		for i := range r {
			if r.has(i, k) {
				r[i] |= r[k]
			}
		}
	}
	return r
}

func (r relation) only(f func(i, j int) bool) relation {
	for i := range r {
		for j := range r {
			if r.has(i, j) && !f(i, j) {
				r[i] &^= 1 << j
			}
		}
	}
	return r
}

func (r relation) reflexive() bool {
	for i := range r {
		if r.has(i, i) {
			return true
		}
	}
	return false
}

func (r relation) cyclic() bool { return r.closure().reflexive() }

// reference counts the complete consistent executions of p.
func reference(p refProg, mem Memory) refCounts {
	var ev []refEvent
	for t := range p {
		for i, o := range p[t] {
			ev = append(ev, refEvent{op: o, thr: t, i: i, rf: -1})
		}
	}
	var reads []int
	for i, e := range ev {
		if e.op.reads() {
			reads = append(reads, i)
		}
	}
	var sum refCounts
	var assign func(k int)
	assign = func(k int) {
		if k == len(reads) {
			sum.check(ev, mem)
			return
		}
		e := &ev[reads[k]]
		for w := -1; w < len(ev); w++ {
			if w < 0 || w != reads[k] && ev[w].op.loc == e.op.loc && ev[w].op.writes() {
				e.rf = w
				assign(k + 1)
			}
		}
	}
	assign(0)
	return sum
}

// evaluate computes the values of ev, which reads-from determines. It reports
// false if some come out of thin air, a read is from what writes nothing, or a
// thread waits for ever.
func evaluate(ev []refEvent, mem Memory) bool {
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
		e.last = 0
		if e.i > 0 { // the events of a thread stand together, in order
			if !value(i - 1) {
				return false
			}
			e.last = ev[i-1].last
		}
		state[i] = 2
		if e.op.cond && e.last != e.op.when {
			e.gone, e.read, e.write = true, false, false
			return e.rf < 0
		}
		if e.op.kind == 'W' {
			e.gone = true // no event, but the thread is here only if it holds
			return e.last == e.op.exp
		}
		e.gone = false
		state[i] = 1
		e.order, e.read, e.write = e.op.order, e.op.reads(), e.op.writes()
		arg := e.op.arg
		if e.op.dep {
			arg += e.last
		}
		e.wval = arg
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
				e.wval = e.rval + arg
			case 'c':
				if e.write = e.rval == e.op.exp; !e.write {
					e.order = e.op.fail
				}
			}
			e.last = e.rval
		}
		if mem == SC && e.order != NonAtomic {
			e.order = SeqCst
		}
		state[i] = 2
		return true
	}
	for i := range ev {
		if !value(i) {
			return false
		}
	}
	return true
}

// check counts the coherence orders that fit the reads-from of in.
func (c *refCounts) check(in []refEvent, mem Memory) {
	ev := slices.Clone(in)
	if !evaluate(ev, mem) {
		return
	}
	number := make([]int, len(ev))
	var left []refEvent
	for i, e := range ev {
		number[i] = len(left)
		if !e.gone {
			left = append(left, e)
		}
	}
	ev = left
	var writes [refLocs][]int
	for i := range ev {
		if ev[i].rf >= 0 {
			ev[i].rf = number[ev[i].rf]
		}
		if ev[i].write {
			writes[ev[i].op.loc] = append(writes[ev[i].op.loc], i)
		}
	}
	var place func(l int)
	place = func(l int) {
		if l == refLocs {
			if ok, racy := refConsistent(ev, writes, mem); ok {
				c.executions++
				if racy {
					c.races++
				}
			}
			return
		}
		permute(writes[l], 0, func() { place(l + 1) })
	}
	place(0)
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

// refConsistent reports whether an execution is consistent, and whether it has
// a data race.
func refConsistent(ev []refEvent, co [refLocs][]int, mem Memory) (ok, racy bool) {
	all := func(f func(i, j int) bool) (r relation) {
		for i := range ev {
			for j := range ev {
				if f(i, j) {
					r[i] |= 1 << j
				}
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
	for i, e := range ev {
		if e.read && e.write && pos(i) != pos(e.rf)+1 {
			return false, false
		}
	}
	fence := func(i int) bool { return ev[i].op.kind == 'f' }
	sameLoc := func(i, j int) bool { return !fence(i) && !fence(j) && ev[i].op.loc == ev[j].op.loc }
	sb := all(func(i, j int) bool { return ev[i].thr == ev[j].thr && ev[i].i < ev[j].i })
	rf := all(func(i, j int) bool { return ev[j].read && ev[j].rf == i })
	mo := all(func(i, j int) bool { return ev[i].write && ev[j].write && sameLoc(i, j) && pos(i) < pos(j) })
	rb := all(func(i, j int) bool {
		return i != j && ev[i].read && ev[j].write && sameLoc(i, j) && pos(ev[i].rf) < pos(j)
	})
	if mem == SC && sb.or(rf, mo, rb).cyclic() {
		return false, false
	}
	rel := func(i int) bool { return ev[i].order.Releases() }
	acq := func(i int) bool { return ev[i].order.Acquires() }
	id := all(func(i, j int) bool { return i == j })
	atomic := func(i int) bool { return ev[i].order != NonAtomic }
	// rs = [W⊒rlx];(rf;rmw)*: an update is one event here.
	rfrmw := rf.only(func(i, j int) bool { return ev[j].read && ev[j].write })
	rs := rfrmw.closure().or(id).only(func(i, _ int) bool { return ev[i].write && atomic(i) })
	before := id.only(func(i, _ int) bool { return rel(i) && !fence(i) }).
		or(sb.only(func(i, j int) bool { return fence(i) && rel(i) && !fence(j) }))
	after := id.only(func(i, _ int) bool { return acq(i) && !fence(i) }).
		or(sb.only(func(i, j int) bool { return fence(j) && acq(j) && !fence(i) }))
	sw := before.then(rs).then(rf.only(func(_, j int) bool { return atomic(j) })).then(after)
	hb := sb.or(sw).closure()
	for i := range ev {
		for j := range ev {
			racy = racy || i != j && sameLoc(i, j) && (ev[i].write || ev[j].write) &&
				(ev[i].order == NonAtomic || ev[j].order == NonAtomic) && !hb.has(i, j) && !hb.has(j, i)
		}
	}
	if mem == SC {
		return true, racy
	}
	eco := rf.or(mo, rb).closure()
	if hb.then(eco.or(id)).reflexive() || sb.or(rf).cyclic() {
		return false, false
	}
	sc := func(i int) bool { return ev[i].order == SeqCst }
	fsc := func(i int) bool { return fence(i) && sc(i) }
	diff := sb.only(func(i, j int) bool { return !sameLoc(i, j) })
	scb := sb.or(diff.then(hb).then(diff), hb.only(sameLoc), mo, rb)
	left := id.only(func(i, _ int) bool { return sc(i) && !fence(i) }).or(hb.or(id).only(func(i, _ int) bool { return fsc(i) }))
	right := id.only(func(i, _ int) bool { return sc(i) && !fence(i) }).or(hb.or(id).only(func(_, j int) bool { return fsc(j) }))
	base := left.then(scb).then(right)
	pscF := hb.or(hb.then(eco).then(hb)).only(func(i, j int) bool { return fsc(i) && fsc(j) })
	return !base.or(pscF).cyclic(), racy
}
