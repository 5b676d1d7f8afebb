package model

import (
	"runtime/debug"
	"testing"
)

func TestCollectionsAreRarerWhileAnythingIsExplored(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	percent := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	first := letGarbageBe()
	during := percent()
	second := letGarbageBe()
	first()
	if during < 100 || percent() != during {
		t.Errorf("%d %%, and %d %% when one of two explorations is over", during, percent())
	}
	if second(); percent() != 100 {
		t.Errorf("%d %% afterwards, and 100 %% before", percent())
	}
	debug.SetGCPercent(-1)
	restore := letGarbageBe()
	if percent() != -1 {
		t.Errorf("collections are off, and an exploration has set %d %%", percent())
	}
	if restore(); percent() != -1 {
		t.Error("collections are on again")
	}
}

func TestRoomIsInProportionToTheHeap(t *testing.T) {
	for live, want := range map[uint64]int{0: 4000, 1 << 20: 4000, 16 << 20: 1000, 160 << 20: 100, 1 << 40: 100} {
		if got := rarer(live); got != want {
			t.Errorf("a heap of %d bytes: %d %%, want %d %%", live, got, want)
		}
	}
}
