//go:build fearless_model

package thread

import (
	"path/filepath"
	"testing"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/weaken"
)

func TestWeakenedOrderingsOfJoiningAreCaught(t *testing.T) {
	if testing.Short() {
		t.Skip("explores every program once for each ordering")
	}
	var programs []weaken.Program
	for _, p := range joins {
		programs = append(programs, weaken.Program{Name: p.name, Run: p.f, Locks: engine.NoLock, Most: 5000})
	}
	weaken.Check(t, programs, func(file string) bool {
		base := filepath.Base(file)
		return base == "handoff.go" || base == "tally.go" || base == "scope.go"
	}, map[string]string{
		"handoff.go wait: failing Acquire to Relaxed": "the thread ended at that moment, and the wait for its token, which follows, synchronizes",
		"handoff.go channel: AcqRel to Release":       "the exchange that makes the channel finds nil, which nobody wrote: there is nothing to acquire",
		"tally.go ended: AcqRel to Release":           "the wait reads the count itself, and with it acquires from every thread that has ended",
		"tally.go wait: AcqRel to Acquire":            "nobody acquires from the count of a scope that has ended",
	})
}
