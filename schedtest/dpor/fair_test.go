package dpor_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// Whoever goes on where the explorer is free to choose, the same is explored.
func TestFairExploresTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	kinds := slices.Sorted(maps.Keys(families))
	gave := 0
	for n := range programs(t, "FEARLESS_DPOR_PROGRAMS", 120) {
		kind := kinds[n%len(kinds)]
		p := randomProgram(r, families[kind])
		whole := explore(p, n%2 == 0, 3000)
		if whole.fault != "" {
			continue // too large
		}
		fair := exploreFairly(p, n%2 == 0, 3000, 1+r.IntN(3))
		if fair.x.Gave {
			gave++
		}
		if negative(whole.outcomes) || negative(fair.outcomes) {
			// Once a counter can be made negative, only that is promised to be found.
			if negative(whole.outcomes) != negative(fair.outcomes) {
				t.Errorf("%s: only one of the two finds a negative counter in\n%v", kind, p)
			}
			continue
		}
		if a, b := whole.x.Stats(), fair.x.Stats(); a.Executions != b.Executions || fair.twice > 0 || fair.fault != "" {
			t.Errorf("%s: %d executions, %d classes twice, %s; %d without giving way in\n%v", kind, b.Executions, fair.twice, fair.fault, a.Executions, p)
		}
		if !maps.EqualFunc(whole.outcomes, fair.outcomes, func(int, int) bool { return true }) {
			t.Errorf("%s: outcomes %v, not %v of\n%v", kind, fair.outcomes, whole.outcomes, p)
		}
	}
	if gave == 0 {
		t.Error("no thread has ever given way")
	}
}
