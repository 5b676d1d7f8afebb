//go:build fearless_model

package model_test

import (
	"path/filepath"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// panicsIfSeen has two executions: in one the thread panics, and is joined.
func panicsIfSeen() {
	var x atomic.Bool
	t := thread.Go(func() {
		if x.Load(atomic.Relaxed) {
			panic("seen")
		}
	})
	x.Store(true, atomic.Relaxed)
	t.Join()
}

func TestJoinedPanicsAreCounted(t *testing.T) {
	for _, engines := range []int{1, 2} {
		if r := model.Explore(panicsIfSeen, model.Parallel(engines)); r.Failure != nil || r.Executions != 2 || r.Panicked != 1 {
			t.Errorf("%d engines: %+v", engines, r)
		}
	}
	if r := model.Explore(increments(2)); r.Panicked != 0 {
		t.Errorf("%+v", r)
	}
}

func TestJoinedPanicsOfEarlierSessionsCount(t *testing.T) {
	file := filepath.Join(t.TempDir(), "left")
	panicked, executions := 0, 0
	for range 3 {
		r := model.Explore(panicsIfSeen, model.Checkpoint(file), model.MaxExecutions(1))
		panicked, executions = r.Panicked, r.Executions
		if r.Failure != nil || r.Exhaustive {
			break
		}
	}
	if executions != 2 || panicked != 1 {
		t.Errorf("%d executions, in %d of them a panic", executions, panicked)
	}
}
