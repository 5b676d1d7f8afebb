//go:build fearless_model

// Package weaken tests the model tests of this library: it weakens one memory
// ordering of the library at a time and sees whether a program notices.
package weaken

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fearless-go/fearless/internal/engine"
)

// A Program is explored with each ordering weakened that it uses.
type Program struct {
	Name  string
	Run   func()
	Locks engine.EventLocks
	Most  int // executions
}

// A site is an operation of the library with an ordering stronger than Relaxed.
type site struct {
	file  string
	line  int
	order engine.Order
	fails bool // it is the ordering of a compare-exchange that fails
}

// weaker lists what an ordering is weakened to.
var weaker = map[engine.Order][]engine.Order{
	engine.Acquire: {engine.Relaxed},
	engine.Release: {engine.Relaxed},
	engine.AcqRel:  {engine.Acquire, engine.Release},
	engine.SeqCst:  {engine.AcqRel},
}

// Check weakens every ordering in the files that checked admits. One that no
// program notices, or comes to, is an error, unless harmless says why nobody can:
// its keys are as "rawmutex.go wake: AcqRel to Acquire", and for one that no
// program comes to as "rawmutex.go wake: AcqRel". It returns how many were caught.
func Check(t *testing.T, programs []Program, checked func(file string) bool, harmless map[string]string) (caught int) {
	sites := make(map[site][]int) // and the programs that come there
	for i, p := range programs {
		explore(p, min(p.Most, 3000), func(file string, line int, o engine.Order, fails bool) engine.Order {
			if o > engine.Relaxed && checked(file) {
				if s := (site{file, line, o, fails}); !slices.Contains(sites[s], i) {
					sites[s] = append(sites[s], i)
				}
			}
			return o
		})
	}
	list := slices.SortedFunc(maps.Keys(sites), func(a, b site) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.order, b.order))
	})
	var files []string
	for _, s := range list {
		files = append(files, s.file)
	}
	sources, err := sourcesBeside(files)
	if err != nil {
		t.Fatalf("the orderings cannot be looked up in the source: %v", err)
	}
	mutants, explained, missed := 0, 0, 0
	used := make(map[string]bool)
	explain := func(what string) string {
		used[what] = true
		return harmless[what]
	}
	for _, s := range list {
		for _, w := range s.weaker() {
			mutants++
			folder, file := filepath.Split(s.file)
			what := fmt.Sprintf("%v to %v", s.order, w)
			if s.fails {
				what = "failing " + what
			}
			name := fmt.Sprintf("%s/%s:%d %s", filepath.Base(folder), file, s.line, what)
			by, why := s.catch(w, programs, sites[s]), ""
			if by == "" {
				why = explain(fmt.Sprintf("%s %s: %s", file, sources[s.file].function(s.line), what))
			}
			switch {
			case by != "":
				caught++
				t.Logf("%s: caught by %s", name, by)
			case why != "":
				explained++
				t.Logf("%s: not caught: %s", name, why)
			default:
				missed++
				t.Errorf("%s: no program notices", name)
			}
		}
	}
	for name, src := range sources {
		for line, orders := range src.orderings() {
			for _, o := range orders {
				here := func(s site) bool { return s.file == name && s.line == line && s.order == o }
				if checked(name) && !slices.ContainsFunc(list, here) && explain(fmt.Sprintf("%s %s: %v", filepath.Base(name), src.function(line), o)) == "" {
					t.Errorf("%s:%d %v: no program comes to it", name, line, o)
				}
			}
		}
	}
	for what := range harmless {
		if !used[what] {
			t.Errorf("%s is explained, and is noticed, or is not there", what)
		}
	}
	t.Logf("%d weakenings: %d caught, %d explained, %d missed", mutants, caught, explained, missed)
	return caught
}

func (s site) weaker() []engine.Order {
	if s.fails && s.order == engine.SeqCst {
		return []engine.Order{engine.Acquire} // a failure releases nothing
	}
	return weaker[s.order]
}

// catch is the name of a program that fails when s is weakened to w.
func (s site) catch(w engine.Order, programs []Program, which []int) string {
	for _, i := range which {
		p := programs[i]
		found := explore(p, p.Most, func(file string, line int, o engine.Order, fails bool) engine.Order {
			if s == (site{file, line, o, fails}) {
				return w
			}
			return o
		})
		if found != nil {
			return p.Name + ": " + found.Kind.String()
		}
	}
	return ""
}

func explore(p Program, most int, mutate func(string, int, engine.Order, bool) engine.Order) *engine.Found {
	_, found := engine.ExploreProgram(p.Run, engine.Options{
		MaxEvents: 5000, MaxThread: 64, Parallel: 1, Locks: p.Locks, Mutate: mutate, MaxExecutions: most,
	}, func(*engine.Runs) bool { return true })
	return found
}
