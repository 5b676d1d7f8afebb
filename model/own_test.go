//go:build fearless_model

package model_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/model"
)

// An ownProgram is what this library promises of one of its types, as a program
// whose every execution is explored: with the code of all locks as it ships,
// with spin locks as one event each, and with every Mutex as one event, too.
type ownProgram struct {
	name string
	f    func()
	long bool // with -short only at OneEvent
	// bounded is from where on there are too many executions: they are explored
	// up to ownLimit. OneEvent is nowhere.
	bounded model.LockModel
}

var own = slices.Concat(ownMutex, ownRWLock, ownCondvar, ownOnce, ownArc, ownThread)

// ownLimit is how many executions of a program that has too many are explored.
const ownLimit = 20_000

var lockModels = []model.LockModel{model.OneEvent, model.ShippedMutex, model.Shipped}

func TestOwnTypes(t *testing.T) {
	for _, p := range own {
		t.Run(p.name, func(t *testing.T) {
			for _, l := range lockModels {
				if p.long && testing.Short() && l > model.OneEvent {
					continue
				}
				limit := 0
				if p.bounded > 0 && l >= p.bounded {
					limit = ownLimit
				}
				r := model.Explore(p.f, model.Locks(l), model.MaxExecutions(limit))
				if r.Failure != nil {
					var b strings.Builder
					r.Failure.WriteText(&b)
					t.Error(b.String())
				}
				if !r.Exhaustive && limit == 0 {
					t.Error("not exhausted")
				}
				t.Logf("%v: %d executions, %d blocked, exhaustive %v, %v", l, r.Executions, r.Blocked, r.Exhaustive, r.Elapsed.Round(time.Millisecond))
			}
		})
	}
}
