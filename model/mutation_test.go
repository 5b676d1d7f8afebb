//go:build fearless_model

package model_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/weaken"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// checkedSource holds what is weakened: the code that ships. Files of the model
// build itself are not, and what a crowd of readers brings a lock to is in
// package lock's own test.
func checkedSource(file string) bool {
	dir := filepath.Base(filepath.Dir(file))
	return (dir == "lock" || dir == "arc" || dir == "park") && filepath.Base(file) != "readerslots.go" &&
		!strings.HasSuffix(file, "_model.go") && !strings.HasSuffix(file, "_test.go")
}

const buffering = "it keeps GetMut from seeing a Drop that comes after a Downgrade that comes after GetMut: load buffering, which RC11 excludes and processors do not"

// harmless are the weakenings that no program can notice, and why.
var harmless = map[string]string{
	"arc.go Release to Relaxed":      buffering,
	"shared.go Acquire to Relaxed":   buffering,
	"rawmutex.go AcqRel to Acquire":  "an update carries on the release sequence of the unlock before it, and a thread that is handed the lock synchronizes by the token",
	"rawrwlock.go AcqRel to Acquire": "who is let in synchronizes by the token that is sent after it",
}

// handsOn needs 332,256 executions to notice that the unlock does not happen
// before the thread that a third one, which gives up, hands the lock to.
func handsOn() {
	m := lock.NewMutex(0)
	t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
	u := thread.Go(func() {
		if g, err := m.LockTimeout(time.Second); err == nil {
			g.Unlock()
		}
	})
	m.With(func(v *int) { *v++ })
	m.With(func(v *int) { *v++ })
	join(t, u)
}

func TestWeakenedOrderingsAreCaught(t *testing.T) {
	if testing.Short() {
		t.Skip("explores every program once for each ordering")
	}
	var programs []weaken.Program
	for _, l := range []model.LockModel{model.ShippedMutex, model.Shipped} {
		for _, p := range own {
			most := 1000
			if p.long {
				most = 3000
			}
			programs = append(programs, weaken.Program{Name: p.name, Run: p.f, Locks: l, Most: most})
		}
	}
	programs = append(programs, weaken.Program{Name: "a thread whose time is up hands on a lock that starves", Run: handsOn, Locks: model.ShippedMutex, Most: 350_000})
	if caught := weaken.Check(t, programs, checkedSource, harmless); caught < 30 {
		t.Errorf("only %d weakenings were found and caught: is the library looked at?", caught)
	}
}
