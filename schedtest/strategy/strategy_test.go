package strategy_test

import (
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// simulate runs goroutines of the given numbers of independent steps under s
// and returns the order in which they stepped.
func simulate(s strategy.Strategy, spec strategy.Spec, steps ...uint32) string {
	s.Begin(spec)
	done := make([]uint32, len(steps))
	order, current, step := "", uint32(0), uint64(0)
	for {
		p := strategy.Point{Current: -1, Last: current, Step: step}
		for i, n := range steps {
			if done[i] < n {
				id := uint32(i + 1)
				if id == current {
					p.Current = len(p.Threads)
					p.LastDone = done[i]
				}
				p.Threads = append(p.Threads, strategy.Thread{ID: id, Op: strategy.OpLock, Addr: 8, Done: done[i]})
			}
		}
		if len(p.Threads) == 0 {
			return order
		}
		current = p.Threads[s.Pick(&p)].ID
		done[current-1]++
		step++
		order += fmt.Sprint(current)
	}
}

func all() map[string]strategy.Strategy {
	return map[string]strategy.Strategy{"random": &strategy.RandomWalk{}, "pct": &strategy.PCT{}, "pos": &strategy.POS{}, "switches": &strategy.Switches{}}
}

func TestSameSeedSameSchedule(t *testing.T) {
	for name, s := range all() {
		for seed := range uint64(100) {
			spec := strategy.Spec{Depth: 3, Length: 9, Seed: seed}
			if a, b := simulate(s, spec, 3, 3, 3), simulate(s, spec, 3, 3, 3); a != b {
				t.Errorf("%s: seed %d ran %s, then %s", name, seed, a, b)
			}
		}
	}
}

func TestRandomStrategiesReachEveryOrder(t *testing.T) {
	for name, s := range all() {
		if name == "switches" {
			continue
		}
		seen := map[string]bool{}
		for seed := range uint64(20_000) {
			seen[simulate(s, strategy.Spec{Depth: 4, Length: 4, Seed: strategy.Mix(seed)}, 2, 2)] = true
		}
		if len(seen) != 6 {
			t.Errorf("%s: %d of 6 orders of two goroutines with two steps", name, len(seen))
		}
	}
}

// TestPCTBound checks the bound of the paper, 1/(n·k^(d-1)), on a bug of depth
// 1: goroutine 3 of 3 must step first.
func TestPCTBound(t *testing.T) {
	hits, n := 0, 6000
	for seed := range n {
		if simulate(&strategy.PCT{}, strategy.Spec{Depth: 1, Length: 9, Seed: strategy.Mix(uint64(seed))}, 3, 3, 3)[0] == '3' {
			hits++
		}
	}
	if hits < n/4 {
		t.Errorf("%d of %d schedules hit, want about a third", hits, n)
	}
}

func TestDFSRunsEachScheduleOnce(t *testing.T) {
	for _, c := range []struct {
		bound uint32
		want  int
	}{{0, 2}, {1, 4}, {9, 6}} {
		var d strategy.DFS
		seen := map[string]int{}
		for range 100 {
			order := simulate(&d, strategy.Spec{Depth: c.bound}, 2, 2)
			if d.Over() {
				break
			}
			seen[order]++
		}
		if !d.Over() || !d.Complete() || len(seen) != c.want {
			t.Errorf("bound %d: %v, want %d schedules", c.bound, seen, c.want)
		}
		for order, n := range seen {
			if n != 1 {
				t.Errorf("bound %d: %s ran %d times", c.bound, order, n)
			}
		}
	}
}

func TestDFSTriesEveryChoice(t *testing.T) {
	var d strategy.DFS
	seen := map[string]bool{}
	for range 100 {
		d.Begin(strategy.Spec{Depth: 9})
		p := strategy.Point{Current: -1, Threads: []strategy.Thread{{ID: 1, Op: strategy.OpLock, Addr: 8}, {ID: 2, Op: strategy.OpLock, Addr: 16}}}
		got := fmt.Sprint(d.Pick(&p), d.Choose(3), d.Choose(2))
		if d.Over() {
			break
		}
		if seen[got] {
			t.Errorf("%s ran twice", got)
		}
		seen[got] = true
		var next strategy.DFS
		next.Load(d.Save())
		d = next
	}
	if !d.Over() || !d.Complete() || len(seen) != 2*3*2 {
		t.Errorf("over %t, complete %t, %d schedules: %v", d.Over(), d.Complete(), len(seen), seen)
	}
	d.Restart()
	d.Begin(strategy.Spec{})
	if d.Choose(1000); d.Complete() {
		t.Error("a choice that is too wide was left out without a word")
	}
}

func TestDFSGoesOnFromASavedPath(t *testing.T) {
	var one, other strategy.DFS
	spec := strategy.Spec{Depth: 9}
	want := []string{}
	for range 6 {
		want = append(want, simulate(&one, spec, 2, 2))
	}
	simulate(&other, spec, 2, 2)
	for i := 1; i < 6; i++ {
		var next strategy.DFS
		next.Load(other.Save())
		if got := simulate(&next, spec, 2, 2); got != want[i] {
			t.Errorf("schedule %d is %s, want %s", i, got, want[i])
		}
		other = next
	}
}

func TestSwitchesOverrideTheDefault(t *testing.T) {
	s := &strategy.Switches{List: []strategy.Switch{{From: 1, At: 2, To: 2}}}
	if got := simulate(s, strategy.Spec{}, 2, 2); got != "1221" {
		t.Errorf("ran %s, want 1221", got)
	}
}

func ExamplePortfolio() {
	for i := range uint64(3) {
		s := strategy.Portfolio(1, i, 100)
		fmt.Println(s.Kind == strategy.KindRandom, s.Kind == strategy.KindPOS, s.Kind == strategy.KindPCT)
	}
	// Output:
	// true false false
	// false true false
	// false false true
}

func ExampleDFS() {
	var d strategy.DFS
	n := 0
	for {
		simulate(&d, strategy.Spec{Depth: 1}, 2, 2)
		if d.Over() {
			break
		}
		n++
	}
	fmt.Println(n, "schedules of two goroutines with at most one preemption")
	// Output: 4 schedules of two goroutines with at most one preemption
}
