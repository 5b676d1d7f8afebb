package fragment_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/parallel"
)

// TestNoRaceHidesBehindAOnce holds what package parallel sees in functions of a
// Once, which some programs overwrite and use again, against all executions: each
// race in one is among what it sees. What it sees too much must be little.
func TestNoRaceHidesBehindAOnce(t *testing.T) {
	n := programs(t)
	found, missed, free, flagged := 0, 0, 0, 0
	for i := range n {
		src := withOnces(rand.New(rand.NewPCG(uint64(i), 12)))
		_, results, err := analyze(src)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		root := results[buildssa.Analyzer].(*buildssa.SSA).Pkg.Func("Run")
		tree, _ := parallel.New(root, results[goroutine.Analyzer].(*goroutine.Result), results[lockset.Analyzer].(*lockset.Result), false)
		var seen []parallel.Race
		if tree != nil {
			seen = tree.Races()
		}
		executions := exact.Explore(root)
		if !executions.Complete {
			t.Fatalf("program %d is not understood\n%s", i, src)
		}
		for _, race := range executions.Races {
			if found++; !sees(seen, race.A.Instr, race.B.Instr) {
				missed++
				t.Errorf("program %d: %s and %s race, which is not seen\n%s", i, race.A.Instr, race.B.Instr, src)
			}
		}

		if len(executions.Races) == 0 {
			if free++; len(seen) > 0 {
				flagged++
			}
		}
	}
	t.Logf("%d races, of which %d are not seen; %d programs without, of which %d are flagged", found, missed, free, flagged)
	if found < n/20 || flagged > free/2 {
		t.Errorf("%d races in %d programs, and %d of %d without one are flagged: that shows little", found, n, flagged, free)
	}
}

func sees(seen []parallel.Race, a, b ssa.Instruction) bool {
	for _, r := range seen {
		if r.A.Instr == a && r.B.Instr == b || r.A.Instr == b && r.B.Instr == a {
			return true
		}
	}
	return false
}

// withOnces is a program in which functions of a Once start goroutines.
func withOnces(r *rand.Rand) string {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	use := func() string { return pick("o.x++", "o.x = 1", "println(o.x)", "o.y++") }
	body := func() string {
		return pick(use(), "") + "\n" + fmt.Sprintf("go func() { %s }()", use()) + "\n" + pick("", "", use())
	}
	on := func() string { return pick("o.one", "o.one", "o.two[0]", "o.two[1]", "o.in.three", "o.in.three") }
	var steps strings.Builder
	for range 1 + r.IntN(2) {
		call := pick("need(o)", "need(o)", "more(o)")
		reset := ""
		if r.IntN(3) == 0 {
			reset = pick("o.one = sync.Once{}", "o.two[0] = sync.Once{}", "o.two = [2]sync.Once{}", "o.in = &inner{}", "*o.in = inner{}",
				"again(&o.one)", "o.in.again()", "copy(o.two[:], make([]sync.Once, 2))", "func() { o.one = sync.Once{} }()")
		}
		step := call + "\n" + reset + "\n" + pick("", call)
		fmt.Fprintln(&steps, pick("%s", "%s", "for range 2 {\n%s\n}"), "")
		out := steps.String()
		steps.Reset()
		steps.WriteString(strings.Replace(out, "%s", step, 1))
	}
	resets := ""
	if strings.Contains(steps.String(), "again(") {
		resets = "func again(once *sync.Once) { *once = sync.Once{} }\n\nfunc (in *inner) again() { in.three = sync.Once{} }"
	}
	return fmt.Sprintf(`package p

import "sync"

type inner struct { three sync.Once }

type object struct {
	one sync.Once
	two [2]sync.Once
	in  *inner
	x   int
	y   int
}

%s

func need(o *object) {
	%s.Do(func() {
		%s
	})
}

func more(o *object) {
	%s.Do(func() {
		%s
	})
}

func Run() {
	o := &object{in: &inner{}}
	%s
}
`, resets, on(), body(), on(), body(), steps.String())
}
