//go:build fearless_model

package model_test

import (
	"slices"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
)

var executions int

// What an execution leaves in a package variable that the function reads is told, and the
// verdict stays.
func TestWhatAnExecutionLeavesIsTold(t *testing.T) {
	executions = 0
	r := model.Explore(func() {
		var x atomic.Int32
		both(func() {
			if executions < 100 {
				x.FetchAdd(1, relaxed)
			}
		})
		executions++
	})
	i := slices.IndexFunc(r.Unseen, func(u model.Unseen) bool { return u.Kind == model.Leftover })
	if i < 0 || !slices.Equal(r.Unseen[i].What, []string{"executions"}) || r.Verdict() != model.Proven {
		t.Errorf("%s, %v", r.Verdict(), r.Unseen)
	}
	r = model.Explore(func() {
		executions = 0
		var x atomic.Int32
		both(func() { x.FetchAdd(1, relaxed) })
		if executions++; executions > 1 {
			panic("never")
		}
	})
	if r.Failure != nil || len(r.Unseen) != 0 {
		t.Errorf("%v, %v", r.Failure, r.Unseen)
	}
}
