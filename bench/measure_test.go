package bench

import (
	"context"
	"errors"
	"regexp"
	"testing"
)

// What was measured before the end of its context is kept.
func TestMeasureEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := Options{Quick: true, Run: regexp.MustCompile("^atomic/uint64/(add|load)/seqcst$"), Progress: func(done, _ int, _ string) {
		if done == 1 {
			cancel()
		}
	}}
	r, err := Measure(ctx, o)
	if !errors.Is(err, context.Canceled) || len(r.Results) != 1 || len(r.Results[0].Measurements) == 0 {
		t.Errorf("%v, results %+v", err, r.Results)
	}
}
