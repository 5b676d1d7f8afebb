package schedtest

import (
	"errors"
	"testing"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

func TestSeedsSurviveTheirText(t *testing.T) {
	for _, s := range []Seed{
		{Kind: strategy.KindFirst},
		{Kind: strategy.KindRandom, Value: 1<<64 - 1},
		{Kind: strategy.KindPCT, Depth: 3, Length: 120, Value: 0x81f3},
		{Kind: strategy.KindPOS, Cold: true, Value: 7},
		{Kind: strategy.KindSwitches, Value: 7, Switches: []strategy.Switch{}},
		{Kind: strategy.KindSwitches, Value: 7, Switches: []strategy.Switch{{From: 2, At: 1, To: 3}, {From: 3, At: 9, To: 0}}},
		{Kind: strategy.KindSwitches, Value: 7, Switches: []strategy.Switch{}, Choices: []strategy.Switch{{From: 2, At: 1, To: 1}}},
	} {
		got, err := ParseSeed(s.String())
		if err != nil {
			t.Errorf("%s: %v", s, err)
		} else if got.String() != s.String() {
			t.Errorf("%s came back as %s", s, got)
		}
	}
}

func FuzzParseSeed(f *testing.F) {
	for _, s := range []string{"", "v1", "v2:random:0000000000000001", "v1:random:1", "v1:pct:d3:0000000000000001", "v1:dfs:0000000000000001",
		"v1:switches:0000000000000001", "v1:switches:0000000000000001:1.2", "v1:random:0000000000000001:1.2.3", "v1:switches:0000000000000001::c2.1.1", "v1:switches:0000000000000001:c2.1.1", "v1:pos:0000000000000001::c1.1.1", "v1:random:cold:00000000000000zz", "v1:pos:cold:00000000000000ff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSeed(text)
		var bad *SeedError
		if err != nil {
			if !errors.As(err, &bad) {
				t.Errorf("%q: %v is not a *SeedError", text, err)
			}
			return
		}
		again, err := ParseSeed(s.String())
		if err != nil || again.String() != s.String() {
			t.Errorf("%q is read as %s, which is not read as itself: %v", text, s, err)
		}
	})
}
