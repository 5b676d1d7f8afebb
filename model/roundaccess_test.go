//go:build fearless_model

package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// inEveryOrder starts the threads in each order, one order after the other.
func inEveryOrder(fs []func(), try func(start []func())) {
	var from func(k int)
	from = func(k int) {
		if k == len(fs) {
			try(fs)
			return
		}
		for i := k; i < len(fs); i++ {
			fs[k], fs[i] = fs[i], fs[k]
			from(k + 1)
			fs[k], fs[i] = fs[i], fs[k]
		}
	}
	from(0)
}

func startAll(fs []func()) {
	var handles []*thread.JoinHandle[thread.Void]
	for _, f := range fs {
		handles = append(handles, thread.Go(f))
	}
	for _, h := range handles {
		h.Join()
	}
}

type polled struct {
	x, y, z, also atomic.Uint32
	data          cell.UnsafeCell[int]
}

func (s *polled) read()  { s.data.With(func(*int) {}) }
func (s *polled) write() { s.data.WithMut(func(*int) {}) }

// What a round of a busy loop does with plain data, or with what is given back, is half
// of a failure also where another round would be nothing.
func TestRoundsThatWaitMayRace(t *testing.T) {
	publishes := func(s *polled) { s.x.Store(1, release); s.y.Store(1, release) }
	for _, test := range []struct {
		name    string
		want    string // the kind of the failure; "": it passes
		threads [3]func(*polled)
	}{
		{"while it reads an old value", "data race", [3]func(*polled){func(s *polled) {
			for s.x.Load(acquire) == 0 {
				s.read()
				atomic.SpinLoop()
			}
		}, func(s *polled) {
			if s.y.Load(acquire) == 1 {
				s.write()
			}
		}, publishes}},
		{"before the load", "data race", [3]func(*polled){func(s *polled) {
			for n := 0; ; n++ {
				if n > 0 {
					s.read()
				}
				if s.x.Load(acquire) != 0 {
					return
				}
				atomic.SpinLoop()
			}
		}, func(s *polled) {
			if s.y.Load(acquire) == 1 {
				s.write()
			}
		}, publishes}},
		{"without SpinLoop", "data race", [3]func(*polled){func(s *polled) {
			for s.x.Load(acquire) == 0 {
				s.read()
			}
		}, func(s *polled) {
			if s.y.Load(acquire) == 1 {
				s.write()
			}
		}, publishes}},
		{"with a write that only comes when the loop is left", "data race", [3]func(*polled){func(s *polled) {
			for s.x.Load(acquire) == 0 {
				s.read()
				atomic.SpinLoop()
			}
			s.z.Store(1, relaxed)
		}, func(s *polled) {
			if s.z.Load(relaxed) == 1 {
				s.write()
			}
		}, publishes}},
		{"the same, released", "", [3]func(*polled){func(s *polled) {
			for s.x.Load(acquire) == 0 {
				s.read()
				atomic.SpinLoop()
			}
			s.z.Store(1, release)
		}, func(s *polled) {
			if s.z.Load(acquire) == 1 {
				s.write()
			}
		}, publishes}},
		{"an object that the round uses is given back", "use after free", [3]func(*polled){func(s *polled) {
			for s.x.Load(acquire) == 0 {
				s.also.Load(relaxed)
				atomic.SpinLoop()
			}
			s.z.Store(1, relaxed)
		}, func(s *polled) {
			if s.z.Load(relaxed) == 1 {
				model.Freed(&s.also)
			}
		}, publishes}},
		{"an object that the round uses is given back, released", "", [3]func(*polled){func(s *polled) {
			for s.x.Load(acquire) == 0 {
				s.also.Load(relaxed)
				atomic.SpinLoop()
			}
			s.z.Store(1, release)
		}, func(s *polled) {
			if s.z.Load(acquire) == 1 {
				model.Freed(&s.also)
			}
		}, publishes}},
	} {
		n := 0
		inEveryOrder([]func(){nil, nil, nil}, func([]func()) { n++ })
		for _, opts := range [][]model.Option{nil, {model.Parallel(2)}, {model.CountedLoops()}} {
			for order := range n {
				r := model.Explore(func() {
					s, at := new(polled), 0
					fs := []func(){func() { test.threads[0](s) }, func() { test.threads[1](s) }, func() { test.threads[2](s) }}
					var chosen []func()
					inEveryOrder(fs, func(start []func()) {
						if at == order {
							chosen = append(chosen, start...)
						}
						at++
					})
					startAll(chosen)
				}, opts...)
				got := ""
				if r.Failure != nil {
					got = fmt.Sprint(r.Failure.Kind)
				} else if r.Verdict() != model.Proven {
					got = fmt.Sprint(r.Verdict(), r.Unseen)
				}
				if strings.Contains(test.name, "given back") && r.Verdict() == model.Undecided {
					got = test.want // it was met too late, and the report says so
				}
				if got != test.want {
					t.Errorf("%s, order %d, %d options: %q, want %q: %v", test.name, order, len(opts), got, test.want, r.Failure)
				}
			}
		}
	}
}
