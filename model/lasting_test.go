//go:build fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// An access that lasts races with what comes in its middle, though that is in order
// with both of its ends.
func TestAnAccessLastsUntilItsFunctionReturns(t *testing.T) {
	handshake := func(outer, inner func(*cell.UnsafeCell[int], func(*int))) func() {
		return func() {
			var in, out atomic.Bool
			var c cell.UnsafeCell[int]
			w := thread.Go(func() {
				for !in.Load(acquire) {
					atomic.SpinLoop()
				}
				inner(&c, func(*int) {})
				out.Store(true, release)
			})
			outer(&c, func(*int) {
				in.Store(true, release)
				for !out.Load(acquire) {
					atomic.SpinLoop()
				}
			})
			w.Join()
		}
	}
	read := func(c *cell.UnsafeCell[int], f func(*int)) { c.With(f) }
	write := func(c *cell.UnsafeCell[int], f func(*int)) { c.WithMut(f) }
	for name, test := range map[string]struct {
		f     func()
		fails bool
	}{
		"read around write":  {handshake(read, write), true},
		"write around read":  {handshake(write, read), true},
		"write around write": {handshake(write, write), true},
		"read around read":   {handshake(read, read), false},
		"left by a panic": {func() {
			var out atomic.Bool
			var c cell.UnsafeCell[int]
			w := thread.Go(func() {
				if out.Load(acquire) {
					c.WithMut(func(p *int) { *p++ })
				}
			})
			func() {
				defer func() { recover() }()
				c.With(func(*int) { panic("left") })
			}()
			out.Store(true, release)
			w.Join()
		}, false},
		"one in the other": {func() {
			var out atomic.Bool
			var c cell.UnsafeCell[int]
			w := thread.Go(func() {
				if out.Load(acquire) {
					c.WithMut(func(p *int) { *p++ })
				}
			})
			c.With(func(*int) { c.WithMut(func(*int) {}) })
			out.Store(true, release)
			w.Join()
		}, false},
		"one ended in the other": {func() {
			var out atomic.Bool
			var c cell.UnsafeCell[int]
			w := thread.Go(func() {
				if out.Load(acquire) {
					c.WithMut(func(p *int) { *p++ })
				}
			})
			c.With(func(*int) {
				c.With(func(*int) {})
				out.Store(true, release)
			})
			w.Join()
		}, true},
	} {
		r := model.Explore(test.f)
		switch f := r.Failure; {
		case test.fails && (f == nil || f.Kind != model.DataRace || !strings.Contains(f.Error(), "data race on c")):
			t.Errorf("%s: %v, want a data race", name, f)
		case !test.fails && (f != nil || !r.Exhaustive):
			t.Errorf("%s: %v, exhaustive %v", name, f, r.Exhaustive)
		}
	}
}
