//go:build fearless_model

package model_test

import (
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// GenMC's publish: a reader gives up at its 41st look. It sees the flag at one
// of its 41 looks, or at none: 42 executions.
func TestPublishOfGenMC(t *testing.T) {
	for _, m := range []model.MemoryModel{model.RC11, model.SC} {
		r := model.Explore(func() {
			var x, flag atomic.Int32
			w := thread.Go(func() {
				x.Store(42, release)
				flag.Store(1, release)
			})
			looks := 0
			for looks < 41 && flag.Load(acquire) != 1 {
				looks++
			}
			if looks < 41 {
				model.Assert(x.Load(acquire) == 42)
			}
			model.Observe(looks)
			w.Join()
		}, model.Memory(m))
		if r.Failure != nil || r.Executions != 42 || len(r.Outcomes) != 42 || !r.Exhaustive {
			t.Errorf("%v: %d executions, %d outcomes, exhaustive %v, %v", m, r.Executions, len(r.Outcomes), r.Exhaustive, r.Failure)
		}
	}
}
