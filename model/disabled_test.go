//go:build !fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/model"
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
