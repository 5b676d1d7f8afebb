//go:build fearless_model

package thread_test

import (
	"testing"

	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestWhatShipsForJoining(t *testing.T) {
	thread.EachJoin(func(name string, program func()) {
		t.Run(name, func(t *testing.T) { model.Check(t, program) })
	})
}
