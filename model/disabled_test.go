//go:build !fearless_model

package model_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestWithoutTheTagNothingIsExplored(t *testing.T) {
	ran := false
	r := model.Explore(func() { ran = true })
	if ran || r.Failure == nil || r.Failure.Kind != model.NotInModelBuild || !strings.Contains(r.Failure.Message, "-tags fearless_model") {
		t.Errorf("%v", r.Failure)
	}
	t.Run("Check skips", func(t *testing.T) {
		defer func() {
			if !t.Skipped() {
				t.Error("Check did not skip the test")
			}
		}()
		model.Check(t, func() { ran = true })
	})
	if ran {
		t.Error("the function ran")
	}
}

// Outside of a model the threads run as threads do.
func TestSymmetricOutsideOfAModel(t *testing.T) {
	var n atomic.Int32
	model.Symmetric(3, func() { n.FetchAdd(1, atomic.Relaxed) })()
	if n.Load(atomic.Relaxed) != 3 {
		t.Error(n.Load(atomic.Relaxed))
	}
	wrong := func(f func()) (err error) {
		defer func() { err, _ = recover().(error) }()
		f()
		return nil
	}
	if err := wrong(func() { model.Symmetric(0, func() {}) }); err == nil || !strings.Contains(err.Error(), "Symmetric(0)") {
		t.Error(err)
	}
	var panicked *thread.PanicError
	if err := wrong(model.Symmetric(2, func() { panic("mine") })); !errors.As(err, &panicked) {
		t.Error(err)
	}
}

// Outside of a model nothing is watched, but what is wrong is wrong everywhere.
func TestFreedOutsideOfAModel(t *testing.T) {
	model.Freed(new(int))
	defer func() {
		if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), "Freed(nil)") {
			t.Error(err)
		}
	}()
	model.Freed[int](nil)
}
