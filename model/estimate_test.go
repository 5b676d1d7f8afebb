//go:build fearless_model

package model_test

import (
	"fmt"
	"os"
	"slices"
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
			if e.Walks < 6 || e.Low > e.Mean || e.High > 0 && e.Mean > e.High || e.Mean < n/2 || e.Mean > n*2 {
				t.Errorf("%s, %v: %v; there are %d", name, m, e, all.Executions)
			}
		}
	}
	a := explore(t, increments(4), model.Seed(1), model.MaxExecutions(1000))
	if b := explore(t, increments(4), model.Seed(1), model.MaxExecutions(1000)); a.Estimate != b.Estimate {
		t.Errorf("%v, then %v", a.Estimate, b.Estimate)
	}
}

// The range is measured, so this measures it again: on some of the programs, or
// with FEARLESS_ESTIMATE=1 on all, with 20 seeds. Seeds are fixed, and so is the
// result.
func TestTheRangeHoldsTheTruth(t *testing.T) {
	seeds, budgets := 3, []int{1000}
	programs := sizedPrograms()
	if os.Getenv("FEARLESS_ESTIMATE") != "" {
		seeds, budgets = 20, []int{400, 2000}
	} else {
		programs = slices.DeleteFunc(programs, func(p sized) bool { return p.truth == 0 || p.truth > 1e6 })
	}
	ranges, right := 0, 0
	for _, p := range programs {
		if p.truth == 0 {
			r := explore(t, p.f, model.MaxExecutions(200_000))
			if !r.Exhaustive {
				t.Logf("%s has too many executions to count", p.name)
				continue
			}
			p.truth = float64(r.Executions)
		}
		given, held := 0, 0
		for _, budget := range budgets {
			for seed := range seeds {
				e := explore(t, p.f, model.Seed(uint64(seed)), model.MaxExecutions(budget)).Estimate
				if e.Low > p.truth*1.000001 && e.High == 0 {
					t.Errorf("%s: at least %v, and there are %v", p.name, e.Low, p.truth)
				}
				if e.High > 0 {
					given++
					if e.Low <= p.truth*1.000001 && p.truth <= e.High*1.000001 {
						held++
					}
				}
			}
		}
		t.Logf("%s: %v; %d ranges of %d, %d hold it", p.name, p.truth, given, len(budgets)*seeds, held)
		ranges += given
		right += held
	}
	t.Logf("%d ranges, %d hold the truth", ranges, right)
	if ranges == 0 || right*10 < ranges*9 {
		t.Errorf("%d of %d ranges hold the truth; want nine of ten", right, ranges)
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
	fmt.Println(r.Executions, r.Exhaustive, e.Walks > 0, e.Low <= 14_400*26 && e.Low <= e.Mean)
	// Output: 2000 false true true
}
