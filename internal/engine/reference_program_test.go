package engine

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
)

var (
	refSeed     = flag.Uint64("reference.seed", 1, "where the random programs begin")
	refPrograms = flag.Int("reference.programs", 500, "how many random programs to compare with the enumeration")
	refEvents   = flag.Int("reference.events", 6, "the most operations of a random program")
)

// A refOp is one operation of a random program. A thread remembers what it has
// read last, 0 at first.
type refOp struct {
	kind  byte // 'r' load, 'w' store, 'u' fetch-add, 'x' exchange, 'c' compare-exchange exp to arg, 'f' fence, 'W' waits for ever unless the last read is exp
	loc   int
	arg   uint64
	dep   bool // the last read is added to arg
	exp   uint64
	order Order
	fail  Order
	cond  bool // done only if the last read is when
	when  uint64
}

func (o refOp) String() string {
	s := fmt.Sprintf("%c%d(%d,%d)%v/%v", o.kind, o.loc, o.arg, o.exp, o.order, o.fail)
	if o.dep {
		s += "+last"
	}
	if o.cond {
		s = fmt.Sprintf("if last=%d {%s}", o.when, s)
	}
	return s
}

func (o refOp) reads() bool  { return o.kind == 'r' || o.updates() }
func (o refOp) writes() bool { return o.kind == 'w' || o.updates() }
func (o refOp) updates() bool {
	return o.kind == 'u' || o.kind == 'x' || o.kind == 'c'
}

type refProg [][]refOp

const refLocs = 3

// refMachine runs the same program on the engine.
type refMachine struct {
	prog refProg
	pc   []int
	last []uint64
}

func (m *refMachine) Reset() {
	clear(m.pc)
	clear(m.last)
}

func (m *refMachine) Step(t int, ops *Ops) bool {
	for ; m.pc[t] < len(m.prog[t]); m.pc[t]++ {
		o := m.prog[t][m.pc[t]]
		if o.cond && m.last[t] != o.when {
			continue
		}
		arg := o.arg
		if o.dep {
			arg += m.last[t]
		}
		v, ok := m.last[t], false
		switch o.kind {
		case 'r':
			v, ok = ops.Load(o.loc, o.order)
		case 'w':
			ok = ops.Store(o.loc, arg, o.order)
		case 'u':
			v, _, ok = ops.Update(o.loc, &Update{Op: OpAdd, Arg: arg, Order: o.order})
		case 'x':
			v, _, ok = ops.Update(o.loc, &Update{Op: OpSwap, Arg: arg, Order: o.order})
		case 'c':
			v, _, ok = ops.Update(o.loc, &Update{Op: OpCAS, Arg: arg, Expected: o.exp, Order: o.order, Fail: o.fail})
		case 'f':
			ok = ops.Fence(o.order)
		case 'W':
			ok = m.last[t] == o.exp
		}
		if !ok {
			return false
		}
		m.last[t] = v
	}
	return true
}

func engineCount(p refProg, mem Memory) Result {
	m := &refMachine{prog: p, pc: make([]int, len(p)), last: make([]uint64, len(p))}
	return ExploreMachine(m, Config{Memory: mem, Threads: len(p), Init: make([]uint64, refLocs)})
}

// The engine finds as many executions of random small programs, and as many
// with a data race, as the enumeration does.
func TestEngineAgreesWithEnumeration(t *testing.T) {
	n := *refPrograms
	if testing.Short() {
		n /= 5
	}
	var total refCounts
	for k := range n {
		seed := *refSeed + uint64(k)
		p := randomProgram(rand.New(rand.NewPCG(seed, 2)), *refEvents)
		waits := false
		for _, ops := range p {
			for _, o := range ops {
				waits = waits || o.kind == 'W'
			}
		}
		for _, mem := range []Memory{RC11, SC} {
			want := reference(p, mem)
			got := engineCount(p, mem)
			if got.Failure != nil || got.Blocked != 0 && !waits || (refCounts{got.Executions, got.Races}) != want {
				t.Fatalf("the program of seed %d under %v has %d executions, %d racy (%d blocked, %v), the enumeration %d, %d racy\n%v",
					seed, mem, got.Executions, got.Races, got.Blocked, got.Failure, want.executions, want.races, p)
			}
			total.executions += want.executions
			total.races += want.races
		}
	}
	t.Logf("%d programs, %d executions, %d racy", n, total.executions, total.races)
}

// randomProgram has a taste of its own in each program: which operations and
// orderings are frequent, how many locations there are, and whether there are
// branches, dependent values, waits and plain accesses.
func randomProgram(rng *rand.Rand, budget int) refProg {
	pick := func(o ...Order) Order { return o[rng.IntN(len(o))] }
	sc := rng.IntN(4)
	mixed := func(o ...Order) Order {
		if rng.IntN(4) < sc {
			return SeqCst
		}
		return pick(o...)
	}
	var kinds []byte
	for _, k := range []byte("rwuxcf") {
		for range rng.IntN(4) {
			kinds = append(kinds, k)
		}
	}
	kinds = append(kinds, "rw"...)
	locs := 1 + rng.IntN(refLocs)
	plain, branches, deps, waits := rng.IntN(3) == 0, rng.IntN(2) == 0, rng.IntN(2) == 0, rng.IntN(4) == 0
	threads := 2 + rng.IntN(3)
	p := make(refProg, threads)
	for k := range budget {
		t := k
		if k >= threads {
			t = rng.IntN(threads)
		}
		o := refOp{kind: kinds[rng.IntN(len(kinds))], loc: rng.IntN(locs), arg: uint64(1 + rng.IntN(2)), exp: uint64(rng.IntN(3))}
		switch o.kind {
		case 'r':
			o.order = mixed(Relaxed, Acquire, SeqCst)
		case 'w':
			o.order = mixed(Relaxed, Release, SeqCst)
		case 'f':
			o.order = mixed(Acquire, Release, AcqRel, SeqCst)
		default:
			o.order = mixed(Relaxed, Acquire, Release, AcqRel, SeqCst)
			o.fail = mixed(Relaxed, Acquire, SeqCst)
		}
		if plain && (o.kind == 'r' || o.kind == 'w') && rng.IntN(2) == 0 {
			o.order = NonAtomic
		}
		o.dep = deps && o.writes() && rng.IntN(2) == 0
		o.cond, o.when = branches && len(p[t]) > 0 && rng.IntN(2) == 0, uint64(rng.IntN(2))
		p[t] = append(p[t], o)
		if waits && o.kind == 'r' && rng.IntN(2) == 0 {
			p[t] = append(p[t], refOp{kind: 'W', exp: o.exp, cond: o.cond, when: o.when})
		}
	}
	return p
}
