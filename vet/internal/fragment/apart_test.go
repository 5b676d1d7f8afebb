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

// TestWhatValuesKeepApartHasNoRace holds the pairs that package parallel takes
// to be kept apart by latches and by what never changes against all executions:
// in none of them do the two race.
func TestWhatValuesKeepApartHasNoRace(t *testing.T) {
	n := programs(t)
	latched, settled := 0, 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 11))
		src := withOptions(r)
		if i%2 == 0 {
			src = withLatches(r)
		}
		_, results, err := analyze(src)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		prog := results[buildssa.Analyzer].(*buildssa.SSA)
		root := prog.Pkg.Func("Run")
		tree, _ := parallel.New(root, results[goroutine.Analyzer].(*goroutine.Result), results[lockset.Analyzer].(*lockset.Result), false)
		if tree == nil {
			continue
		}
		tree.Races()
		if len(tree.Excluded()) == 0 {
			continue
		}
		executions := exact.Explore(root)
		for _, pair := range tree.Excluded() {
			if i%2 == 0 {
				latched++
			} else {
				settled++
			}
			if races(executions, pair.A.Instr, pair.B.Instr) {
				t.Errorf("program %d: %s and %s are taken to be kept apart, but race\n%s", i, pair.A.Instr, pair.B.Instr, src)
			}
		}
	}
	t.Logf("%d pairs behind latches, %d behind options", latched, settled)
	if latched < n/50 || settled < n/20 {
		t.Errorf("%d pairs behind latches and %d behind options in %d programs: that shows little", latched, settled, n)
	}
}

func races(r *exact.Result, a, b ssa.Instruction) bool {
	for _, race := range r.Races {
		if race.A.Instr == a && race.B.Instr == b || race.A.Instr == b && race.B.Instr == a {
			return true
		}
	}
	return false
}

// withLatches is a program with two goroutines that use x as a compare-and-swap
// or a flag under a lock lets them, in some programs not with the lock all the
// while, and in some with one that takes the latch back.
func withLatches(r *rand.Rand) string {
	x := func() string {
		if r.IntN(4) == 0 {
			return "println(x)"
		}
		return "x++"
	}
	steps := func() string {
		var b strings.Builder
		for range 1 + r.IntN(2) {
			switch r.IntN(9) {
			case 0, 1, 2:
				fmt.Fprintf(&b, "if won.CompareAndSwap(%d, %d) { %s }\n", r.IntN(4)/3, 1+r.IntN(2), x())
			case 3, 4:
				fmt.Fprintf(&b, "mu.Lock(); if !raised { %s }; mu.Unlock()\n", x())
			case 5, 6:
				fmt.Fprintf(&b, "mu.Lock(); raised = true; mu.Unlock(); %s\n", x())
			case 7:
				fmt.Fprintf(&b, "mu.Lock(); was := raised; mu.Unlock(); if !was { %s }\n", x())
			case 8:
				b.WriteString([]string{"won.Store(0)\n", "won.Store(1)\n", "mu.Lock(); raised = false; mu.Unlock()\n", "mu.Lock(); raised = true; mu.Unlock()\n"}[r.IntN(4)])
			}
		}
		return "{\n" + strings.ReplaceAll(b.String(), "\n", "\n}\n{\n") + "}\n"
	}
	return fmt.Sprintf(`package p

import (
	"sync"
	"sync/atomic"
)

func Run() {
	var won atomic.Int32
	var mu sync.Mutex
	raised := false
	x := 0
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		%s
		wg.Done()
	}()
	go func() {
		%s
		wg.Done()
	}()
	%s
	wg.Wait()
	println(x, raised)
	won.Load()
	mu.Lock()
}
`, steps(), steps(), []string{"", "", steps()}[r.IntN(3)])
}

// withOptions is a program with two goroutines that each do what an option
// says, which is given when the object is made, and in some programs changed
// afterwards.
func withOptions(r *rand.Rand) string {
	test := func() string {
		field := []string{"o.on", "o.in.on", "o.n", "o.in.n"}[r.IntN(4)]
		if strings.HasSuffix(field, "on") {
			return []string{"", "!"}[r.IntN(2)] + field
		}
		return fmt.Sprintf("%s %s %d", field, []string{"==", "!=", "<", ">", ">="}[r.IntN(5)], r.IntN(3))
	}
	change := func() string {
		if r.IntN(4) > 0 {
			return ""
		}
		return []string{
			fmt.Sprintf("o.on = %t", r.IntN(2) == 0), fmt.Sprintf("o.n = %d", r.IntN(3)), "o.in.n++",
			fmt.Sprintf("o.in = inner{%t, %d}", r.IntN(2) == 0, r.IntN(3)), "o.in.on = !o.in.on",
			fmt.Sprintf("*o = options{n: %d}", r.IntN(3)), "set(o)", "func() { o.n = 2 }()",
		}[r.IntN(8)]
	}
	x := func() string {
		if r.IntN(3) == 0 {
			return "println(o.x)"
		}
		return "o.x++"
	}
	start := "go func() {\n\t\tBODY\n\t}()"
	if r.IntN(3) == 0 {
		start = "if " + test() + " {\n\t\tgo func() {\n\t\tBODY\n\t}()\n\t}"
	}
	body := fmt.Sprintf("if %s { %s }\n%s", test(), x(), change())
	return fmt.Sprintf(`package p

type inner struct { on bool; n int }

type options struct {
	on bool
	n  int
	in inner
	x  int
}

func set(o *options) { o.in.n = 1 }

func make_(on bool, n int, in inner) *options {
	return &options{on: on, n: n, in: in}
}

func Run() {
	in := inner{%t, %d}
	o := make_(%t, %d, in)
	%s
	%s
	%s
	if %s { %s }
	%s
}
`, r.IntN(2) == 0, r.IntN(3), r.IntN(2) == 0, r.IntN(3), change(), strings.Replace(start, "BODY", body, 1), change(), test(), x(), change())
}
