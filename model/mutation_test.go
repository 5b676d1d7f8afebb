//go:build fearless_model

package model_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/weaken"
	"github.com/fearless-go/fearless/model"
)

// checkedSource holds what is weakened: the code that ships. Files of the model
// build itself are not, nor those of the default build, in which an ordering is a
// word, for Go's atomics know only one; and what a crowd of readers brings a lock to
// is in package lock's own test.
func checkedSource(file string) bool {
	dir := filepath.Base(filepath.Dir(file))
	// The spares of a Condvar serve no modelled thread: what an execution finds must
	// not depend on those before it.
	return (dir == "lock" || dir == "arc" || dir == "park") && filepath.Base(file) != "readerslots.go" && filepath.Base(file) != "spares.go" &&
		!strings.HasSuffix(file, "_model.go") && !strings.HasSuffix(file, "_real.go") && !strings.HasSuffix(file, "_test.go")
}

const buffering = "it keeps GetMut from seeing a Drop that comes after a Downgrade that comes after GetMut: load buffering, which RC11 excludes and processors do not"

// harmless are the weakenings that no program can notice, and why.
var harmless = map[string]string{
	"arc.go GetMut: Release to Relaxed":        buffering,
	"shared.go addWeak: Acquire to Relaxed":    buffering,
	"rawmutex.go wake: AcqRel to Acquire":      "an update carries on the release sequence of the unlock before it, and a thread that is handed the lock synchronizes by the token",
	"rawrwlock.go dispatch: Release":           "ends a bias, which a crowd of readers brings a lock to: see package lock's own test",
	"rawrwlock.go dispatch: AcqRel to Acquire": "who is let in synchronizes by the token that is sent after it",
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
	if caught := weaken.Check(t, programs, checkedSource, harmless); caught < 30 {
		t.Errorf("only %d weakenings were found and caught: is the library looked at?", caught)
	}
}
