package dpor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	. "github.com/fearless-go/fearless/schedtest/dpor"
)

// A waiting loop is the instruction "spin": it loads each of its cases' variables
// in turn, an event each, until all of them have their values (a of the case), and
// begins again when one has not.
//
// Of such programs the final states are compared, not the classes: an enumeration
// of all orders, a state once, knows them.

// awaiting is a host that forgets turns.
type awaiting struct {
	m     *machine
	seen  []map[uint64]bool // by thread: variables read in the present turn
	turn  []int             // by thread: events of the present turn
	stale []bool            // by thread: something read in the turn has been written since
	waits []map[uint64]bool // by thread: variables that it waits for a write of, or nil
}

func (a *awaiting) spins(t int) bool {
	return !a.m.ended(t) && a.m.p.threads[t][a.m.pc[t]].op == "spin"
}

func exploreAwaiting(p program, limit int) (outcomes map[string]int, s DporStats, fault string) {
	x := new(Dpor)
	outcomes = map[string]int{}
	for n := 0; x.Begin(); n++ {
		if n > limit {
			return outcomes, x.Stats(), "too many executions"
		}
		k := len(p.threads)
		a := &awaiting{m: newMachine(p), seen: make([]map[uint64]bool, k), turn: make([]int, k), stale: make([]bool, k), waits: make([]map[uint64]bool, k)}
		if a.run(x) {
			outcomes[a.m.outcome()]++
		}
		x.End(false)
	}
	if at, ok := x.Diverged(); ok {
		fault = fmt.Sprintf("diverged at %d", at)
	}
	return outcomes, x.Stats(), fault
}

func (a *awaiting) run(x *Dpor) bool {
	m := a.m
	for {
		ps := m.pending()
		enabled := false
		for i := range ps {
			if th := ps[i].Thread; th > 0 && a.waits[th-1] != nil {
				ps[i].Enabled = false
			}
			enabled = enabled || ps[i].Enabled
		}
		if !enabled {
			x.Stuck(ps)
			return true
		}
		i, v := x.Pick(ps)
		if i < 0 {
			return false
		}
		th := ps[i].Thread
		t := int(th) - 1
		spins := t >= 0 && a.spins(t)
		acts, woke := m.step(th, v)
		x.Access(acts)
		for _, u := range woke {
			x.Woke(uint32(u + 1))
		}
		for _, act := range acts {
			if act.Mode == DporRead {
				continue
			}
			for u := range a.waits {
				if a.waits[u][act.Object] {
					a.waits[u] = nil
				}
				if a.seen[u][act.Object] {
					a.stale[u] = true
				}
			}
		}
		if !spins {
			continue
		}
		if a.turn[t] == 0 {
			a.seen[t], a.stale[t] = map[uint64]bool{}, false
		}
		a.turn[t]++
		a.seen[t][acts[0].Object] = true
		if m.stage[t] != 0 {
			continue
		}
		if a.spins(t) && m.failed {
			x.Forget(th, a.turn[t])
			if !a.stale[t] {
				a.waits[t] = a.seen[t]
			}
		}
		a.turn[t], a.seen[t] = 0, nil
	}
}

// spinOutcomes enumerates the final states of p by trying everything, a state once.
func spinOutcomes(p program, limit int) (outcomes map[string]bool, full bool) {
	outcomes = map[string]bool{}
	seen := map[string]bool{}
	var visit func(m *machine)
	visit = func(m *machine) {
		if seen[m.state()] || len(seen) > limit {
			return
		}
		seen[m.state()] = true
		for _, p := range m.pending() {
			if !p.Enabled {
				continue
			}
			for v := uint8(0); v < 64; v++ {
				if max(p.Variants, 1)>>v&1 != 0 {
					c := m.clone()
					c.step(p.Thread, v)
					visit(c)
				}
			}
		}
	}
	visit(newMachine(p))
	// A final state is one from which only turns without effect lead on.
	final := func(m *machine) bool {
		start := m.clone()
		for t := range start.stage {
			if i := start.pc[t]; !start.ended(t) && start.p.threads[t][i].op == "spin" && start.stage[t] != 0 {
				return false
			}
		}
		for _, q := range m.pending() {
			if !q.Enabled {
				continue
			}
			if q.Thread == 0 || m.ended(int(q.Thread-1)) || m.p.threads[q.Thread-1][m.pc[q.Thread-1]].op != "spin" {
				return false
			}
			c := m.clone()
			for {
				c.step(q.Thread, 0)
				if c.stage[q.Thread-1] == 0 {
					break
				}
			}
			if c.state() != m.state() {
				return false
			}
		}
		return true
	}
	again := map[string]bool{}
	visit = func(m *machine) {
		if again[m.state()] || len(again) > limit {
			return
		}
		again[m.state()] = true
		if final(m) {
			outcomes[m.outcome()] = true
		}
		for _, p := range m.pending() {
			if p.Enabled {
				for v := uint8(0); v < 64; v++ {
					if max(p.Variants, 1)>>v&1 != 0 {
						c := m.clone()
						c.step(p.Thread, v)
						visit(c)
					}
				}
			}
		}
	}
	visit(newMachine(p))
	return outcomes, len(seen) > limit
}

func TestWaitingLoops(t *testing.T) {
	n := programs(t, "FEARLESS_DPOR_PROGRAMS", 40)
	r := rand.New(rand.NewPCG(3, 3))
	total, blocked := 0, 0
	for tried := 0; tried < n; {
		p := randomProgram(r, []string{"load", "store", "add", "cas", "spin", "store", "mutex"})
		if !strings.Contains(p.String(), "spin") {
			continue
		}
		check := func(p program) string {
			want, full := spinOutcomes(p, 4000)
			if full {
				return "full"
			}
			got, s, fault := exploreAwaiting(p, 5000)
			if fault == "too many executions" {
				return "full"
			}
			total += s.Executions
			blocked += s.Blocked
			if fault != "" {
				return fault
			}
			for o := range want {
				if got[o] == 0 {
					return "missing: " + o
				}
			}
			for o := range got {
				if !want[o] {
					return "too much: " + o
				}
			}
			if !s.Complete() {
				return "not complete"
			}
			return ""
		}
		f := check(p)
		if f == "full" {
			continue
		}
		tried++
		if f != "" {
			p = shrink(p, func(p program) bool { f := check(p); return f != "" && f != "full" })
			t.Fatalf("program %d: %s\n%v", tried, check(p), p)
		}
	}
	t.Logf("%d programs, %d executions, %d blocked", n, total, blocked)
}
