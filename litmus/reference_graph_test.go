package litmus

import "github.com/fearless-go/fearless/internal/engine"

// A refGraph is one execution, with RC11's relations as predicates and
// matrices over its events.
type refGraph struct {
	ev             []*refEvent
	sb, rf, mo, rb matrix
	hb             matrix
}

type matrix [][]bool

func newMatrix(n int, f func(i, j int) bool) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]bool, n)
		for j := range m[i] {
			m[i][j] = f(i, j)
		}
	}
	return m
}

func union(ms ...matrix) matrix {
	return newMatrix(len(ms[0]), func(i, j int) bool {
		for _, m := range ms {
			if m[i][j] {
				return true
			}
		}
		return false
	})
}

// seq is the composition of relations.
func seq(a matrix, rest ...matrix) matrix {
	for _, b := range rest {
		left := a
		a = newMatrix(len(a), func(i, j int) bool {
			for k := range b {
				if left[i][k] && b[k][j] {
					return true
				}
			}
			return false
		})
	}
	return a
}

func plus(m matrix) matrix {
	out := union(m)
	for k := range out {
		for i := range out {
			for j := range out {
				out[i][j] = out[i][j] || out[i][k] && out[k][j]
			}
		}
	}
	return out
}

func (m matrix) irreflexive() bool {
	for i := range m {
		if m[i][i] {
			return false
		}
	}
	return true
}

func acyclic(m matrix) bool { return plus(m).irreflexive() }

func newRefGraph(ev []*refEvent, mo [][]*refEvent) *refGraph {
	g := &refGraph{ev: ev}
	n := len(ev)
	rank := make(map[int]int) // in coherence order, the initial value is 0
	for _, writes := range mo {
		for i, w := range writes {
			rank[w.op.id] = i + 1
		}
	}
	at := func(i int) int { return rank[ev[i].op.id] }
	same := func(i, j int) bool { return ev[i].loc >= 0 && ev[i].loc == ev[j].loc }
	from := func(i int) int {
		if ev[i].rf < 0 {
			return 0
		}
		return rank[ev[i].rf]
	}
	g.sb = newMatrix(n, func(i, j int) bool { return ev[i].thr == ev[j].thr && ev[i].idx < ev[j].idx })
	g.rf = newMatrix(n, func(i, j int) bool { return ev[j].read && ev[j].rf == ev[i].op.id })
	g.mo = newMatrix(n, func(i, j int) bool { return ev[i].write && ev[j].write && same(i, j) && at(i) < at(j) })
	g.rb = newMatrix(n, func(i, j int) bool {
		return i != j && ev[i].read && ev[j].write && same(i, j) && from(i) < at(j)
	})
	acquires := func(o engine.Order) bool {
		return o == engine.Acquire || o == engine.AcqRel || o == engine.SeqCst
	}
	releases := func(o engine.Order) bool {
		return o == engine.Release || o == engine.AcqRel || o == engine.SeqCst
	}
	fence := func(i int) bool { return ev[i].loc < 0 }
	// sw = [E⊒rel];([F];sb)?;[W⊒rlx];(rf;rmw)*;rf;[R⊒rlx];(sb;[F])?;[E⊒acq]
	head := newMatrix(n, func(i, j int) bool {
		return ev[j].write && ev[j].order != engine.NonAtomic && releases(ev[i].order) && (i == j || fence(i) && g.sb[i][j])
	})
	chain := plus(newMatrix(n, func(i, j int) bool { return g.rf[i][j] && ev[j].write }))
	for i := range chain {
		chain[i][i] = true
	}
	tail := newMatrix(n, func(i, j int) bool {
		return ev[i].read && ev[i].order != engine.NonAtomic && acquires(ev[j].order) && (i == j || fence(j) && g.sb[i][j])
	})
	g.hb = plus(union(g.sb, seq(head, chain, g.rf, tail)))
	return g
}

// consistent tests the axioms of RC11: coherence, atomicity, SC, no thin air.
func (g *refGraph) consistent() bool {
	n, ev := len(g.ev), g.ev
	id := newMatrix(n, func(i, j int) bool { return i == j })
	eco := plus(union(g.rf, g.mo, g.rb))
	if !seq(g.hb, union(eco, id)).irreflexive() || !eco.irreflexive() || !acyclic(union(g.sb, g.rf)) {
		return false
	}
	between := seq(g.rb, g.mo)
	for i := range ev {
		if ev[i].read && ev[i].write && between[i][i] {
			return false
		}
	}
	fence := func(i int) bool { return ev[i].loc < 0 }
	sc := func(i int) bool { return ev[i].order == engine.SeqCst }
	same := func(i, j int) bool { return !fence(i) && ev[i].loc == ev[j].loc }
	apart := newMatrix(n, func(i, j int) bool { return g.sb[i][j] && !same(i, j) })
	near := newMatrix(n, func(i, j int) bool { return g.hb[i][j] && same(i, j) })
	scb := union(g.sb, seq(apart, g.hb, apart), near, g.mo, g.rb)
	left := newMatrix(n, func(i, j int) bool { return sc(i) && (i == j || fence(i) && g.hb[i][j]) })
	right := newMatrix(n, func(i, j int) bool { return sc(j) && (i == j || fence(j) && g.hb[i][j]) })
	fences := newMatrix(n, func(i, j int) bool { return i == j && sc(i) && fence(i) })
	psc := union(seq(left, scb, right), seq(fences, union(g.hb, seq(g.hb, eco, g.hb)), fences))
	return acyclic(psc)
}

// racy reports whether two conflicting accesses, one of them plain, are not
// ordered by happens-before.
func (g *refGraph) racy() bool {
	for i, a := range g.ev {
		for j, b := range g.ev {
			plain := a.order == engine.NonAtomic || b.order == engine.NonAtomic
			if i != j && a.loc >= 0 && a.loc == b.loc && (a.write || b.write) && plain && !g.hb[i][j] && !g.hb[j][i] {
				return true
			}
		}
	}
	return false
}
