//go:build fearless_model

package model_test

import (
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/model"
)

// The estimate is right on average, so that of many walks cannot be far off.
// The seeds are fixed, and so is the result.
func TestTheEstimateIsNearTheNumberOfExecutions(t *testing.T) {
	for name, f := range map[string]func(){
		"increments of 3": increments(3), "handing": handing, "Treiber": treiber(true),
		"three with a Mutex": mutexOf(3), "store buffering": storeBuffering(relaxed, relaxed), "choices": func() {
			if model.Choose(2) == 0 {
				model.Choose(100)
			}
		},
	} {
		for _, m := range []model.MemoryModel{model.RC11, model.SC} {
			all := explore(t, f, model.Memory(m))
			r := explore(t, f, model.Memory(m), model.Seed(1), model.MaxExecutions(4000))
			e := r.Estimate
			t.Logf("%s, %v: %d executions; %v", name, m, all.Executions, e)
			n := float64(all.Executions)
			if e.Walks < 50 || e.Low > e.Mean || e.Mean > e.High || e.Mean < n/2 || e.Mean > n*2 {
				t.Errorf("%s, %v: %v; there are %d", name, m, e, all.Executions)
			}
		}
	}
	a := explore(t, increments(4), model.Seed(1), model.MaxExecutions(1000))
	if b := explore(t, increments(4), model.Seed(1), model.MaxExecutions(1000)); a.Estimate != b.Estimate {
		t.Errorf("%v, then %v", a.Estimate, b.Estimate)
	}
}

func TestAnExhaustiveReportHasNoEstimate(t *testing.T) {
	if r := explore(t, increments(2)); r.Estimate != (model.Estimate{}) {
		t.Errorf("%v", r.Estimate)
	}
}

func ExampleSeed() {
	r := model.Explore(increments(5), model.Seed(1), model.MaxExecutions(2000))
	e := r.Estimate
	fmt.Println(r.Executions, r.Exhaustive, e.Walks > 0, e.Low <= e.Mean && e.Mean <= e.High)
	// Output: 2000 false true true
}
