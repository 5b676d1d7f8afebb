package litmus

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var (
	randomSeed     = flag.Uint64("random.seed", 1, "where the random programs begin")
	randomPrograms = flag.Int("random.programs", 400, "how many random programs to compare with the reference")
	randomEvents   = flag.Int("random.events", 5, "about how many operations a random program has")
)

// What is read of a random program, in C and in the JSON form, and run, ends
// as the reference says: as often, in the same states, with the same races.
func TestRandomProgramsEndAsTheReferenceSays(t *testing.T) {
	n := *randomPrograms
	if testing.Short() {
		n /= 5
	}
	executions, blocked, races := 0, 0, 0
	for k := range n {
		seed := *randomSeed + uint64(k)
		rng := rand.New(rand.NewPCG(seed, 3))
		p := newRandProgram(rng, *randomEvents)
		forms := map[string]func(string) ([]*Program, error){}
		source := p.c(rng)
		forms[source] = func(s string) ([]*Program, error) { return Parse("random", []byte(s)) }
		if !p.plainC {
			source := string(p.json())
			forms[source] = func(s string) ([]*Program, error) { return ParseJSON("random", []byte(s)) }
		}
		for _, memory := range []Memory{RC11, SC} {
			ref := p.reference(memory)
			for source, parse := range forms {
				list, err := parse(source)
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, source)
				}
				res, err := Run(t.Context(), list[0], memory, Limits{Events: 60})
				if err != nil {
					t.Fatalf("seed %d under %v: %v\n%s", seed, memory, err, source)
				}
				want := summarize(ref, list[0])
				got := seen(res)
				if p.updates { // a round of an update that repeats may be none
					want.blocked, got.blocked = 0, 0
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("seed %d under %v:\n got %v\nwant %v\n%s", seed, memory, got, want, source)
				}
				executions, blocked, races = executions+want.executions, blocked+want.blocked, races+want.races
			}
		}
	}
	t.Logf("%d programs, %d executions, %d racy, %d blocked", n, executions, races, blocked)
}

// An ending is everything that a program can do, to compare.
type ending struct {
	executions, blocked, races int
	states                     string
}

func summarize(ref []refExecution, p *Program) (e ending) {
	states := make(map[string]int)
	for _, x := range ref {
		if x.blocked {
			e.blocked++
			continue
		}
		e.executions++
		if x.racy {
			e.races++
		}
		states[describe(p, func(name string) int64 { return x.final[name] })]++
	}
	e.states = listed(states)
	return e
}

func seen(r *Result) ending {
	states := make(map[string]int)
	for i := range r.States {
		final := make(map[string]int64)
		for k, v := range r.Program.Vars {
			final[v.Name] = r.States[i].Vars[k]
		}
		for th := range r.Program.Threads {
			for k, name := range r.Program.Threads[th].Regs {
				final[fmt.Sprintf("%d:%s", th, name)] = r.States[i].Regs[th][k]
			}
		}
		states[describe(r.Program, func(name string) int64 { return final[name] })] += r.States[i].Executions
	}
	return ending{r.Executions, r.Blocked, r.Races, listed(states)}
}

// describe names the variables and the registers that both sides know.
func describe(p *Program, value func(string) int64) string {
	var b strings.Builder
	for _, v := range p.Vars {
		fmt.Fprintf(&b, " %s=%d", v.Name, value(v.Name))
	}
	for i := range p.Threads {
		for _, r := range slices.Sorted(slices.Values(p.Threads[i].Regs)) {
			if strings.HasPrefix(r, "r") || strings.HasPrefix(r, "k") {
				name := fmt.Sprintf("%d:%s", i, r)
				fmt.Fprintf(&b, " %s=%d", name, value(name))
			}
		}
	}
	return b.String()
}

func listed(states map[string]int) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(states)) {
		fmt.Fprintf(&b, "\n%d times%s", states[k], k)
	}
	return b.String()
}
