package runtime

// What else a program can see of the machine it runs on.

import _ "unsafe" // for go:linkname

// fearlessRandom is the next number of gp's own sequence, so that taking a
// switch out of a schedule does not change the choices of other goroutines.
//
//go:nosplit
func fearlessRandom(gp *g) uint64 {
	gp.fearless.rands++
	id := gp.fearless.id
	if fearlessProving {
		id = gp.fearless.proof.name
	}
	z := fearless.seed + uint64(id)<<32 + uint64(gp.fearless.rands)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fearlessRandn is cheaprandn for a choice that the program can see.
//
//go:nosplit
func fearlessRandn(n uint32) uint32 {
	gp := getg()
	if gp.fearless.id == 0 || !fearless.active {
		return cheaprandn(n)
	}
	if fearlessProving {
		return n - 1 // the cases of a select stay in order: see prove_await.go
	}
	return uint32(uint64(uint32(fearlessRandom(gp))) * uint64(n) >> 32)
}

// fearlessChoose decides a choice of the program among n that the seed's random
// numbers have decided already: it returns the distance, below n, from their
// choice to the one to take. It is not 0 only in a depth-first search, which
// tries them all, and in the replay of what that found.
func fearlessChoose(n uint32) uint32 {
	f := &fearless
	if fearlessProving {
		return uint32(fearlessProve(pvChoice, nil, nil, uint64(n)))
	}
	gp := getg()
	fearlessDraws = 0
	if !f.choosing || gp.fearless.id == 0 || !f.active || f.fair {
		return 0
	}
	gp.fearless.choices++
	var c uint32
	if f.strategy == Strategy(&f.dfs) {
		c = f.dfs.Choose(n)
	} else {
		c = f.switches.Choose(gp.fearless.id, gp.fearless.choices) % n
	}
	if c != 0 && f.tracing && len(f.events) < cap(f.events) {
		f.events = append(f.events, FearlessEvent{ID: gp.fearless.id, Op: uint8(OpChoice), Done: gp.fearless.choices, Pick: c})
	}
	return c
}

//go:linkname fearless_rand math/rand.fearlessChoose
func fearless_rand(n uint32) uint32 { return fearlessChoose(n) }

//go:linkname fearless_rand_v2 math/rand/v2.fearlessChoose
func fearless_rand_v2(n uint32) uint32 { return fearlessChoose(n) }

// fearlessSelect puts the ready case that a select is to take first in its
// order. The first nsends cases are sends.
func fearlessSelect(scases []scase, order []uint16, nsends int) {
	if fearlessProving {
		fearlessSelectProved(scases, order, nsends)
		return
	}
	ready := func(i uint16) bool {
		c := scases[i].c
		if int(i) < nsends {
			return c.closed != 0 || c.recvq.first != nil || c.qcount < c.dataqsiz
		}
		return c.closed != 0 || c.sendq.first != nil || c.qcount > 0
	}
	n := uint32(0)
	for _, i := range order {
		if ready(i) {
			n++
		}
	}
	if n < 2 {
		return
	}
	if gp := getg(); gp.fearless.id != 0 && fearless.active {
		fearlessChances++
	}
	if !fearless.choosing {
		return
	}
	draws := fearlessDraws
	left := fearlessChoose(n)
	fearlessDraws = draws
	for k, i := range order {
		if !ready(i) {
			continue
		}
		if left == 0 {
			copy(order[1:], order[:k])
			order[0] = i
			return
		}
		left--
	}
}

// fearlessSelectProved puts the case first that the explorer chose.
func fearlessSelectProved(scases []scase, order []uint16, nsends int) {
	p := &getg().fearless.proof
	if p.what != pvSelect {
		return
	}
	p.what = pvNone
	for k, i := range order {
		if i == uint16(p.variant) && fearlessChanReady(scases[i].c, int(i) < nsends) {
			copy(order[1:], order[:k])
			order[0] = i
			return
		}
	}
}

// fearlessProcs is GOMAXPROCS while one P does the work of many: the program
// sees what it sets.
var fearlessProcs int32 = 4

// fearlessSetProcs sets it for the program, before any of its tests.
//
//go:linkname fearlessSetProcs testing.fearlessSetProcs
func fearlessSetProcs(n int32) { fearlessProcs = n }

func fearlessGOMAXPROCS(n int) int {
	fearlessAsksProcs(fearlessGivenProcs)
	old := int(fearlessProcs)
	if n > 0 {
		fearlessProcs = int32(n)
	}
	return old
}
