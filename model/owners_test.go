//go:build fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

// An owner that nobody has dropped when the model's main function returns is a leak.
func TestUndroppedOwnersLeak(t *testing.T) {
	keep := new(arc.Arc[int]) // made outside of the model: not its business
	*keep = arc.New(1)
	for _, test := range []struct {
		name, want string
		f          func()
	}{
		{"a clone", "Arc[int] made at", func() { a := arc.New(1); _ = a.Clone(); a.Drop() }},
		{"a weak", "Weak[int] made at", func() { a := arc.New(1); _ = a.Downgrade(); a.Drop() }},
		{"an rc", "Rc[int] made at", func() { rc.New(1) }},
		{"only where a thread sees a flag", "Arc[int] made at", func() {
			var stop atomic.Bool
			a := arc.New(1)
			w := thread.Go(func() {
				if !stop.Load(atomic.Relaxed) {
					a.Drop()
				}
			})
			stop.Store(true, atomic.Relaxed)
			w.Join()
		}},
		{"none", "", func() {
			a := arc.New(1)
			b := a.Clone()
			w := thread.Go(func() { b.Drop() })
			a.Drop()
			w.Join()
		}},
		{"none of a deferred one", "", func() { a := arc.New(1); defer a.Drop() }},
	} {
		r := model.Explore(test.f)
		switch {
		case test.want == "" && r.Failure != nil:
			t.Errorf("%s: %v", test.name, r.Failure)
		case test.want != "" && (r.Failure == nil || r.Failure.Kind != model.Leak || !strings.Contains(r.Failure.Message, test.want)):
			t.Errorf("%s: %v, want a leak of an %s", test.name, r.Failure, test.want)
		}
	}
	keep.Drop()
}
