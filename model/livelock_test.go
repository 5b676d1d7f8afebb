//go:build fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// Threads that undo each other's steps reach the limit of events. That may be a
// livelock, or a scheduler's bad luck: the verdict is undecided, and the message has the
// steps that come again and again.
func TestALimitTellsWhatGoesRound(t *testing.T) {
	for _, test := range []struct {
		name string
		want []string
		f    func()
	}{
		{"courtesy", []string{"goes round", "mine.Load()", "livelock", "livelock_test.go:"}, func() {
			var a, b atomic.Bool
			enter := func(mine, other *atomic.Bool) {
				mine.Store(true, seqCst)
				for other.Load(seqCst) {
					mine.Store(false, seqCst)
					mine.Store(true, seqCst)
				}
				mine.Store(false, seqCst)
			}
			w := thread.Go(func() { enter(&a, &b) })
			enter(&b, &a)
			join(w)
		}},
		{"two compare-exchanges", []string{"livelock", "x.CompareExchange(0, 1)", "x.CompareExchange(1, 0)"}, func() {
			var x, stop atomic.Int32
			w := thread.Go(func() {
				for stop.Load(relaxed) == 0 {
					x.CompareExchange(0, 1, acqRel, relaxed)
				}
			})
			for stop.Load(relaxed) == 0 {
				x.CompareExchange(1, 0, acqRel, relaxed)
			}
			join(w)
		}},
		{"one that stores what it found", []string{"goes round", "y.Store(0)"}, func() {
			var x, y atomic.Int32
			w := thread.Go(func() { x.Store(1, release) })
			for x.Load(acquire) == 0 {
				y.Store(0, relaxed)
			}
			join(w)
		}},
		{"one that counts in an atomic", []string{"more than 300 events"}, func() {
			var x atomic.Int32
			for x.FetchAdd(1, relaxed) >= 0 {
			}
		}},
	} {
		r := model.Explore(test.f, model.Bound(300))
		if r.Failure == nil || r.Failure.Kind != model.Limit || r.Verdict() != model.Undecided {
			t.Errorf("%s: %s, %v", test.name, r.Verdict(), r.Failure)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(r.Failure.Error(), want) {
				t.Errorf("%s: no %q in %v", test.name, want, r.Failure)
			}
		}
	}
}
