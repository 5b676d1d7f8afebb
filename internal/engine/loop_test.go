package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// What a loopProg can do.
type loopResult struct {
	outcomes   map[string]int
	executions int
	deadlock   bool
	failure    *Found
	cut        bool // not all of it is known
}

const mostLoopRuns = 4000

// explore explores p, with its loops as waits, or round by round, most rounds.
func (p loopProg) explore(mem Memory, most int, bounded bool) loopResult {
	r := &loopRun{prog: p, most: most}
	res := loopResult{outcomes: make(map[string]int)}
	o := Options{Memory: mem, MaxEvents: 300, MaxThread: 8, Bounded: bounded, trial: 60, everyRound: most > 0,
		place: func(t *Thread) uint64 {
			if th, ok := t.Data.(*loopThread); ok {
				return uint64(th.at) + 2
			}
			return 1
		}}
	if most > 0 {
		o.blocked = func(e *Engine) { res.deadlock = res.deadlock || r.deadlocked(e) }
	}
	runs := 0
	_, res.failure = ExploreProgram(r.main, o, func(some *Runs) bool {
		runs += some.Complete + some.Blocked
		res.executions += some.Complete
		for k, n := range some.Outcomes {
			res.outcomes[k] += n
		}
		res.cut = runs > mostLoopRuns
		return !res.cut
	})
	if res.failure != nil && res.failure.Kind == Deadlock {
		res.deadlock = true
	}
	return res
}

// plain reports whether the rounds that a loop as a wait does not have are
// known: then executions can be counted.
func (p loopProg) plain(bounded bool) bool {
	for _, list := range p {
		for i := range list {
			l := &list[i]
			if !l.hint && len(l.on) > 1 {
				return false // a round may begin with any of its operations
			}
			for k := range l.on {
				if l.on[k].on != nil || l.on[k].op.cond || l.most > 0 || l.on[k].left && k < len(l.on)-1 || bounded {
					return false
				}
			}
		}
	}
	return true
}

// restless reports whether loops without a bound may change something in every
// round: they have two updates, each of which may undo what the other does.
func (p loopProg) restless() bool {
	n := 0
	for _, list := range p {
		for i := range list {
			if list[i].most == 0 {
				n += updatesIn(list[i].on)
			}
		}
	}
	return n > 1
}

func updatesIn(list []loopStmt) (n int) {
	for i := range list {
		n += updatesIn(list[i].on)
		if list[i].on == nil && strings.ContainsRune("xuocmne^", rune(list[i].op.kind)) {
			n++
		}
	}
	return n
}

// Busy loops as waits lose no outcome and no deadlock, and add none: random
// programs are explored twice, once with every loop round by round. A thread
// that has gone round often enough there is stuck if it would go on so for ever
// with the last values.
func TestBusyLoopsAreWaits(t *testing.T) {
	seed, n := programs(t, "FEARLESS_LOOP_PROGRAMS", 400, 100)
	var sum loopSum
	for k := range n {
		rng := rand.New(rand.NewPCG(seed+uint64(k), 7))
		p := randomLoops(rng)
		mem := []Memory{RC11, SC}[rng.IntN(3)/2]
		bounded := rng.IntN(4) == 0
		// A loop that changes something in some of its rounds may need more of them.
		for rounds := 3; ; rounds += 2 {
			differs := p.compare(mem, rounds, bounded, &sum)
			if differs == "" {
				break
			}
			if rounds > 8 {
				t.Fatalf("the program of seed %d under %v (bounded %v) has %s\n%v", seed+uint64(k), mem, bounded, differs, p)
			}
		}
	}
	t.Logf("%d programs, %+v", n, sum)
}

// What a round of a busy loop does with plain data races as it does round by round.
func TestBusyLoopsRaceAsTheirRounds(t *testing.T) {
	seed, n := programs(t, "FEARLESS_LOOP_PROGRAMS", 400, 100)
	races, tooLarge := 0, 0
	for k := range n {
		rng := rand.New(rand.NewPCG(seed+uint64(k), 8))
		p := randomLoops(rng).withPlain(rng)
		mem := []Memory{RC11, SC}[rng.IntN(3)/2]
		bounded := rng.IntN(4) == 0
		for rounds := 3; ; rounds += 2 {
			want, got := p.explore(mem, rounds, false), p.explore(mem, 0, bounded)
			if want.cut || got.cut || got.deadlock || got.failure != nil && got.failure.Kind == Limit && p.restless() {
				tooLarge++
				break
			}
			if fmt.Sprint(want.kind()) == fmt.Sprint(got.kind()) {
				races += truth(want.failure != nil)
				break
			}
			if rounds > 8 {
				t.Fatalf("the program of seed %d under %v (bounded %v) has %v, round by round %v\n%v", seed+uint64(k), mem, bounded, got.failure, want.failure, p)
			}
		}
	}
	t.Logf("%d programs, %d with a race, %d too large", n, races, tooLarge)
}

func (r loopResult) kind() any {
	if r.failure == nil {
		return nil
	}
	return r.failure.Kind
}

type loopSum struct{ executions, deadlocks, counted, tooLarge int }

// compare says how p differs from itself with every loop round by round.
func (p loopProg) compare(mem Memory, rounds int, bounded bool, sum *loopSum) string {
	want := p.explore(mem, rounds, false)
	if want.cut || want.failure != nil && want.failure.Kind != Deadlock {
		sum.tooLarge++
		return ""
	}
	got := p.explore(mem, 0, bounded)
	if got.cut || got.failure != nil && got.failure.Kind == Limit && p.restless() {
		sum.tooLarge++
		return ""
	}
	if got.deadlock != want.deadlock {
		return fmt.Sprintf("a deadlock: %v, round by round %v", got.deadlock, want.deadlock)
	}
	if got.deadlock {
		sum.deadlocks++
		return ""
	}
	if got.failure != nil {
		return fmt.Sprintf("a failure: %v", got.failure.Failure)
	}
	outcomes, fewer := make(map[string]int), 0
	for o, n := range want.outcomes {
		short := strings.TrimSuffix(o, againMark)
		outcomes[short] += n
		if short == o {
			fewer += n
		}
	}
	a, b := slices.Sorted(maps.Keys(got.outcomes)), slices.Sorted(maps.Keys(outcomes))
	if !slices.Equal(a, b) {
		known := func(in []string) func(string) bool {
			return func(o string) bool { return slices.Contains(in, o) }
		}
		return fmt.Sprintf("besides those of both the outcomes %v, round by round %v",
			slices.DeleteFunc(slices.Clone(a), known(b)), slices.DeleteFunc(slices.Clone(b), known(a)))
	}
	if p.plain(bounded) {
		if got.executions != fewer {
			return fmt.Sprintf("%d executions, %d round by round", got.executions, fewer)
		}
		sum.counted++
	}
	sum.executions += got.executions
	return ""
}
