//go:build fearless_model

package model_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/model"
)

// A site is an operation of the library with an ordering stronger than Relaxed.
type site struct {
	file  string
	line  int
	order engine.Order
}

// weaker lists what an ordering is weakened to.
var weaker = map[engine.Order][]engine.Order{
	engine.Acquire: {engine.Relaxed},
	engine.Release: {engine.Relaxed},
	engine.AcqRel:  {engine.Acquire, engine.Release},
	engine.SeqCst:  {engine.AcqRel},
}

// checkedSource holds what is mutated: the code that ships. Files of the model
// build itself are not.
func checkedSource(file string) bool {
	// A crowd of readers, which is what brings a lock here, is too large to
	// explore. The tests of package lock force it: lock/readerslots_model_test.go
	// says which weakenings they have been seen to catch.
	if filepath.Base(file) == "readerslots.go" {
		return false
	}
	dir := filepath.Base(filepath.Dir(file))
	return (dir == "lock" || dir == "arc" || dir == "park") && !strings.HasSuffix(file, "_model.go") && !strings.HasSuffix(file, "_test.go")
}

const buffering = "it keeps GetMut from seeing a Drop that comes after a Downgrade that comes after GetMut: load buffering, which RC11 excludes and processors do not"

// harmless are the weakenings that no program can notice, and why.
var harmless = map[string]string{
	"arc.go Release to Relaxed":      buffering,
	"shared.go Acquire to Relaxed":   buffering,
	"rawmutex.go AcqRel to Acquire":  "an update carries on the release sequence of the unlock before it, and a thread that is handed the lock synchronizes by the token",
	"rawrwlock.go AcqRel to Acquire": "who is let in synchronizes by the token that is sent after it",
	"rawmutex.go AcqRel to Release":  "matters only when a thread whose time is up hands a starving lock to a third one; no program of this size comes there",
}

func TestWeakenedOrderingsAreCaught(t *testing.T) {
	if testing.Short() {
		t.Skip("explores every program once for each ordering")
	}
	sites := make(map[site][]int) // and the programs that come there
	for i, p := range own {
		model.Explore(p.f, model.Locks(model.Shipped), model.MaxExecutions(500), model.Mutate(func(file string, line int, o engine.Order) engine.Order {
			if o > engine.Relaxed && checkedSource(file) {
				if s := (site{file, line, o}); !slices.Contains(sites[s], i) {
					sites[s] = append(sites[s], i)
				}
			}
			return o
		}))
	}
	list := slices.SortedFunc(maps.Keys(sites), func(a, b site) int {
		return strings.Compare(fmt.Sprint(a.file, a.line+10000, a.order), fmt.Sprint(b.file, b.line+10000, b.order))
	})
	mutants, caught, explained, missed := 0, 0, 0, 0
	for _, s := range list {
		for _, w := range weaker[s.order] {
			mutants++
			name := fmt.Sprintf("%s/%s:%d %v to %v", filepath.Base(filepath.Dir(s.file)), filepath.Base(s.file), s.line, s.order, w)
			if by := catch(s, w, sites[s]); by != "" {
				caught++
				t.Logf("%s: caught by %s", name, by)
				continue
			}
			why := harmless[fmt.Sprintf("%s %v to %v", filepath.Base(s.file), s.order, w)]
			if why == "" {
				missed++
				t.Errorf("%s: no program notices", name)
				continue
			}
			explained++
			t.Logf("%s: not caught: %s", name, why)
		}
	}
	t.Logf("%d weakenings: %d caught, %d explained, %d missed", mutants, caught, explained, missed)
	if caught < 25 {
		t.Errorf("only %d weakenings were found and caught: is the library looked at?", caught)
	}
}

// catch is the name of a program that fails when s is weakened to w.
func catch(s site, w engine.Order, programs []int) string {
	for _, i := range programs {
		p := own[i]
		limit := 1000
		if p.long {
			limit = 3000
		}
		r := model.Explore(p.f, model.Locks(model.Shipped), model.MaxExecutions(limit), model.Mutate(func(file string, line int, o engine.Order) engine.Order {
			if line == s.line && o == s.order && file == s.file {
				return w
			}
			return o
		}))
		if r.Failure != nil {
			return p.name + ": " + r.Failure.Kind.String()
		}
	}
	return ""
}
