//go:build fearless_model

package lock_test

import (
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// Readers in slots and a writer: every interleaving, under RC11. The lock's
// data is checked for races: with a SeqCst of takeSlot or of unbias weakened, or
// the Release with which a reader leaves its slot, it finds one.
func TestBiasInTheModel(t *testing.T) {
	model.Check(t, func() {
		l := lock.NewRWLock(0)
		l.Bias()
		reader := thread.Go(func() {
			g := l.Read()
			_ = g.Get()
			g.Unlock()
		})
		if g, err := l.TryWrite(); err == nil {
			*g.Ptr() = 1
			g.Unlock()
		}
		if _, err := reader.Join(); err != nil {
			t.Error(err)
		}
		if _, err := l.IntoInner(); err != nil {
			t.Error(err)
		}
	})
}

func TestBiasedWriteInTheModel(t *testing.T) {
	model.Check(t, func() {
		l := lock.NewRWLock(0)
		l.Bias()
		reader := thread.Go(func() {
			g := l.Read()
			_ = g.Get()
			g.Unlock()
		})
		g := l.Write()
		*g.Ptr() = 1
		g.Unlock()
		if _, err := reader.Join(); err != nil {
			t.Error(err)
		}
	})
}
