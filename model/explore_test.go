//go:build fearless_model

package model_test

import (
	"errors"
	"maps"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func explore(t *testing.T, f func(), opts ...model.Option) model.Report {
	t.Helper()
	r := model.Explore(f, opts...)
	if r.Failure != nil {
		t.Fatal(r.Failure)
	}
	return r
}

func storeBuffering(store, load atomic.Ordering) func() {
	return func() {
		var x, y atomic.Int32
		var a, b int32
		t := thread.Go(func() {
			x.Store(1, store)
			a = y.Load(load)
		})
		y.Store(1, store)
		b = x.Load(load)
		join(t)
		model.Observe(a, b)
	}
}

func TestOutcomesDependOnTheMemoryModel(t *testing.T) {
	weak := explore(t, storeBuffering(relaxed, relaxed))
	if want := map[string]int{"0 0": 1, "0 1": 1, "1 0": 1, "1 1": 1}; !maps.Equal(weak.Outcomes, want) || weak.Executions != 4 {
		t.Errorf("relaxed: %v", weak)
	}
	for name, r := range map[string]model.Report{
		"SeqCst":            explore(t, storeBuffering(seqCst, seqCst)),
		"relaxed, under SC": explore(t, storeBuffering(relaxed, relaxed), model.Memory(model.SC)),
	} {
		if want := map[string]int{"0 1": 1, "1 0": 1, "1 1": 1}; !maps.Equal(r.Outcomes, want) {
			t.Errorf("%s: %v", name, r.Outcomes)
		}
	}
}

func TestWeakCompareExchangeFailsSpuriously(t *testing.T) {
	r := explore(t, func() {
		var x atomic.Int32
		_, ok := x.CompareExchangeWeak(0, 1, relaxed, relaxed)
		model.Observe(ok, x.Load(relaxed))
	})
	if want := map[string]int{"true 1": 1, "false 0": 1}; !maps.Equal(r.Outcomes, want) {
		t.Error(r.Outcomes)
	}
}

func TestUpdates(t *testing.T) {
	r := explore(t, func() {
		x := atomic.NewInt8(100)
		t := thread.Go(func() { x.FetchMax(-3, relaxed); x.FetchXor(1, relaxed) })
		x.FetchAdd(100, relaxed)
		join(t)
		model.Observe(x.Load(relaxed))
	})
	// 100 wraps to -56, its maximum with -3 is -3; or 100^1 wraps to -55.
	want := map[string]int{"-4": 1, "-56": 1, "-55": 1}
	for k := range r.Outcomes {
		if want[k] == 0 {
			t.Errorf("outcome %s", k)
		}
	}
	if r.Executions != 3 {
		t.Errorf("%d executions, outcomes %v", r.Executions, r.Outcomes)
	}
}

func TestChoose(t *testing.T) {
	r := explore(t, func() { model.Observe(model.Choose(3), model.Choose(2)) })
	if r.Executions != 6 || len(r.Outcomes) != 6 {
		t.Errorf("%v", r)
	}
}

func TestTimeoutsFireAndDoNot(t *testing.T) {
	r := explore(t, func() {
		main := thread.Current()
		t := thread.Go(main.Unpark)
		got := thread.ParkTimeout(time.Hour)
		join(t)
		model.Observe(got)
	})
	if r.Outcomes["true"] == 0 || r.Outcomes["false"] == 0 {
		t.Error(r.Outcomes)
	}
}

func TestPointersAreRefreshed(t *testing.T) {
	r := explore(t, func() {
		type box struct{ v int }
		var p atomic.Ptr[box]
		t := thread.Go(func() { p.Store(&box{1}, release); p.Store(&box{2}, release) })
		if b := p.Load(acquire); b != nil {
			model.Observe(b.v)
		}
		join(t)
	})
	if want := map[string]int{"1": 1, "2": 1}; !maps.Equal(r.Outcomes, want) || r.Executions != 3 {
		t.Errorf("%v", r)
	}
}

func TestGlobalsBeginAnew(t *testing.T) {
	f := func() {
		t := thread.Go(func() { global.FetchAdd(1, relaxed) })
		global.FetchAdd(1, relaxed)
		join(t)
		model.Observe(global.Load(relaxed))
	}
	for _, n := range []int{1, 2} {
		if r := explore(t, f, model.Parallel(n)); r.Executions != 2 || r.Outcomes["7"] != 2 {
			t.Errorf("%d engines: %v", n, r)
		}
	}
}

var global = atomic.NewInt32(5)

func TestJoinedPanicIsNoFailure(t *testing.T) {
	r := explore(t, func() {
		h := thread.Go(func() { panic("expected") })
		_, err := h.Join()
		var pe *thread.PanicError
		model.Observe(errors.As(err, &pe))
	})
	if r.Outcomes["true"] != 1 {
		t.Error(r.Outcomes)
	}
}

func TestScopeJoins(t *testing.T) {
	r := explore(t, func() {
		var x atomic.Int32
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 3 {
				s.Go(func() { x.FetchAdd(1, relaxed) })
			}
		})
		model.Assert(x.Load(relaxed) == 3)
	})
	if r.Executions != 6 {
		t.Errorf("%d executions, want 3!", r.Executions)
	}
}

func TestFailures(t *testing.T) {
	for _, test := range []struct {
		name string
		f    func()
		opts []model.Option
		kind model.Kind
		want string
	}{
		{"an assertion", func() { model.Assert(false, "two ", 2) }, nil, model.Panic, "explore_test.go:"},
		{"a panic", func() { panic("oops") }, nil, model.Panic, "thread 0 panicked: oops"},
		{"a nil panic", func() { panic(nil) }, nil, model.Panic, "panic called with nil argument"},
		{"a panic that nobody joins", func() { thread.Go(func() { panic("alone") }) }, nil, model.Panic, "alone"},
		{"a panic in a scope", func() { thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { panic("scoped") }) }) }, nil, model.Panic, "scoped"},
		{"Goexit", runtime.Goexit, nil, model.Panic, "Goexit"},
		{"a thread nobody joins", func() { thread.Go(func() {}) }, nil, model.Leak, "thread 1 was never joined"},
		{"a deadlock", func() { thread.Park() }, nil, model.Deadlock, "thread 0 waits for"},
		{"a busy loop without end", func() {
			var x atomic.Bool
			for !x.Load(acquire) {
				atomic.SpinLoop()
			}
		}, nil, model.Deadlock, "busy loop at explore_test.go:"},
		{"a busy loop that does not say so", func() {
			var x atomic.Bool
			for !x.Load(acquire) {
			}
		}, nil, model.Deadlock, "busy loop at explore_test.go:"},
		{"an endless loop", func() {
			var x atomic.Int32
			for {
				x.FetchAdd(1, relaxed)
			}
		}, []model.Option{model.Bound(200)}, model.Limit, "more than 200 events"},
		{"a thousand threads", func() {
			var hs []*thread.JoinHandle[thread.Void]
			for range 1000 {
				hs = append(hs, thread.Go(func() {}))
			}
			join(hs...)
		}, nil, model.Limit, "more than 64 threads"},
		{"a foreign goroutine", func() {
			var x atomic.Int32
			x.Store(1, relaxed)
			done := make(chan any)
			go func() {
				defer func() { done <- recover() }()
				x.Store(2, relaxed)
			}()
			panic(<-done)
		}, nil, model.Panic, "goroutine that the model does not know"},
		{"nondeterminism", func() {
			var x, y atomic.Int32
			t := thread.Go(func() { x.Store(1, relaxed) })
			if nondeterministic++; nondeterministic%2 == 0 {
				y.Load(relaxed)
			} else {
				y.Store(1, relaxed)
			}
			x.Load(relaxed)
			join(t)
		}, nil, model.Nondeterminism, "something that the model does not control"},
		{"a channel of a handle", func() { <-thread.Go(func() {}).Done() }, nil, model.Unsupported, "Done"},
		{"a race with the first writer", func() {
			var c cell.UnsafeCell[int]
			t := thread.Go(func() { c.WithMut(func(*int) {}) })
			c.With(func(*int) {})
			join(t)
		}, nil, model.DataRace, "nothing orders the two"},
		{"a replay of nothing", func() {}, []model.Option{model.Replay("abc")}, model.BadOption, "no execution that a failure printed"},
		{"a wrong option", func() {}, []model.Option{model.Parallel(0)}, model.BadOption, "Parallel(0)"},
		{"a number of executions below none", func() {}, []model.Option{model.MaxExecutions(-1)}, model.BadOption, "MaxExecutions(-1)"},
		{"a time below none", func() {}, []model.Option{model.MaxDuration(-time.Second)}, model.BadOption, "MaxDuration(-1s)"},
		{"no option", func() {}, []model.Option{nil}, model.BadOption, "leave it out"},
		{"no function", nil, nil, model.BadOption, "it is nil"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := model.Explore(test.f, test.opts...)
			if r.Failure == nil || r.Failure.Kind != test.kind || !strings.Contains(r.Failure.Message, test.want) {
				t.Fatalf("%v; want %v with %q", r.Failure, test.kind, test.want)
			}
			var b strings.Builder
			if err := r.Failure.WriteText(&b); err != nil || !strings.Contains(b.String(), r.Failure.Message) {
				t.Errorf("%v\n%s", err, b.String())
			}
			if err := r.Failure.WriteHTML(&b); err != nil {
				t.Error(err)
			}
		})
	}
}

var nondeterministic int

func increments(n int) func() {
	return func() {
		var x, y atomic.Int32
		var hs []*thread.JoinHandle[thread.Void]
		for i := range n {
			hs = append(hs, thread.Go(func() {
				x.FetchAdd(1, relaxed)
				y.Store(int32(i), release)
				x.Load(acquire)
			}))
		}
		join(hs...)
		model.Observe(x.Load(relaxed), y.Load(relaxed))
	}
}

func TestParallelIsDeterministic(t *testing.T) {
	one := explore(t, increments(3))
	for range 5 {
		two := explore(t, increments(3), model.Parallel(2))
		if one.Executions != two.Executions || !maps.Equal(one.Outcomes, two.Outcomes) {
			t.Fatalf("%v and %v", one, two)
		}
	}
	for _, tw := range twins {
		a, b := model.Explore(tw.wrong), model.Explore(tw.wrong, model.Parallel(2))
		if b.Failure == nil || a.Failure.Message != b.Failure.Message {
			t.Errorf("%s: one engine: %v\ntwo: %v", tw.name, a.Failure, b.Failure)
		}
	}
}

func TestTheSameFailureEveryTime(t *testing.T) {
	for _, tw := range twins {
		a, b := model.Explore(tw.wrong), model.Explore(tw.wrong)
		if a.Failure.Message != b.Failure.Message || a.Executions != b.Executions || a.Failure.Replay != b.Failure.Replay {
			t.Errorf("%s: %v, then %v", tw.name, a.Failure, b.Failure)
		}
		if c := model.Explore(tw.wrong, model.Replay(a.Failure.Replay)); c.Failure == nil || c.Failure.Message != a.Failure.Message || c.Executions > 0 {
			t.Errorf("%s: %v\nreplayed: %v", tw.name, a.Failure, c.Failure)
		}
	}
}

func TestLimitsOfAnExploration(t *testing.T) {
	r := explore(t, increments(3), model.MaxExecutions(10))
	if r.Executions != 10 || r.Exhaustive {
		t.Errorf("%v", r)
	}
	r = explore(t, increments(5), model.MaxDuration(time.Millisecond))
	if r.Exhaustive {
		t.Errorf("%d executions in a millisecond", r.Executions)
	}
}

func TestSeveralEnginesTakeAsManyExecutionsAsWereAskedFor(t *testing.T) {
	blocks := func() { // more often than it completes
		var a, b atomic.Int32
		u := thread.Go(func() { a.Store(1, relaxed); b.Store(1, relaxed) })
		v := thread.Go(func() { a.Store(2, relaxed); b.Store(2, relaxed) })
		x, y := a.Load(relaxed), b.Load(relaxed)
		model.Assume(x < y)
		model.Observe(x, y)
		join(u, v)
	}
	counts := func() {
		var a atomic.Int32
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 4 {
				s.Go(func() { a.FetchAdd(1, relaxed) })
			}
			model.Observe(a.Load(relaxed))
		})
	}
	for _, f := range []func(){blocks, counts} {
		all := explore(t, f).Executions
		for _, engines := range []int{1, 2, 3, 8} {
			for most := 1; most < all+2; most++ {
				r := explore(t, f, model.MaxExecutions(most), model.Parallel(engines))
				sum := 0
				for _, n := range r.Outcomes {
					sum += n
				}
				if want := min(most, all); r.Executions != want || sum != want {
					t.Errorf("MaxExecutions(%d) on %d engines: %d executions and %d outcomes, want %d", most, engines, r.Executions, sum, want)
				}
			}
		}
	}
}

func TestSeedTakesExecutionsAtRandom(t *testing.T) {
	a := explore(t, increments(3), model.Seed(1), model.MaxExecutions(500))
	b := explore(t, increments(3), model.Seed(1), model.MaxExecutions(500))
	c := explore(t, increments(3), model.Seed(2), model.MaxExecutions(500))
	if a.Executions != 500 || a.Exhaustive || !maps.Equal(a.Outcomes, b.Outcomes) || maps.Equal(a.Outcomes, c.Outcomes) {
		t.Errorf("%v\n%v\n%v", a, b, c)
	}
	all := explore(t, increments(3))
	for o := range a.Outcomes {
		if all.Outcomes[o] == 0 {
			t.Errorf("outcome %s is impossible", o)
		}
	}
	for _, tw := range twins {
		if r := model.Explore(tw.right, model.Seed(3), model.MaxExecutions(300)); r.Failure != nil {
			t.Errorf("%s, repaired: %v", tw.name, r.Failure)
		}
	}
}

func TestCountedLoopsEnd(t *testing.T) {
	r := explore(t, func() {
		var x atomic.Bool
		t := thread.Go(func() { x.Store(true, release) })
		tries := 0
		for tries < 100 && !x.Load(acquire) {
			tries++
			atomic.SpinLoop()
		}
		join(t)
		model.Observe(tries < 100)
	})
	if r.Outcomes["true"] == 0 || r.Outcomes["false"] == 0 {
		t.Errorf("%v: both giving up and seeing the store are possible", r)
	}
}

func TestOutsideOfAModelEverythingIsReal(t *testing.T) {
	var x atomic.Int32
	h := thread.Spawn(func() int32 { return x.FetchAdd(2, seqCst) })
	v, err := h.Join()
	if err != nil || v != 0 || x.Load(seqCst) != 2 || model.Active() || model.Choose(5) != 0 {
		t.Error(v, err, x.Load(seqCst))
	}
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { x.Store(3, seqCst) })
	})
	if x.Load(seqCst) != 3 {
		t.Error(x.Load(seqCst))
	}
}

// The failures of this program lie at many depths of the walk.
func TestTheFirstFailureIsThatOfOneEngine(t *testing.T) {
	failures := 0
	for bad := range int32(12) {
		f := func() {
			var x, y atomic.Int32
			var read [5]int32
			var threads []*thread.JoinHandle[thread.Void]
			for i := range int32(len(read)) {
				threads = append(threads, thread.Go(func() {
					if i%2 == 0 {
						read[i], _ = x.CompareExchange(i, i+1, atomic.Relaxed, atomic.Relaxed)
						y.Store(i, atomic.Release)
					} else {
						read[i] = y.Load(atomic.Acquire)*10 + x.FetchAdd(1, atomic.Relaxed)
					}
				}))
			}
			join(threads...)
			sum := int32(0)
			for _, v := range read {
				sum = sum*7 + v
			}
			model.Observe(sum % 10)
			model.Assert(sum%24 != bad || sum%5 != 1, "read", read)
		}
		one := model.Explore(f)
		if one.Failure != nil {
			failures++
		}
		for engines := 2; engines <= 4; engines++ {
			several := model.Explore(f, model.Parallel(engines))
			if one.Executions != several.Executions || !maps.Equal(one.Outcomes, several.Outcomes) {
				t.Errorf("%d: %d executions and outcomes %v on one engine, %d and %v on %d", bad, one.Executions, one.Outcomes, several.Executions, several.Outcomes, engines)
			}
			a, b := one.Failure, several.Failure
			if (a == nil) != (b == nil) || a != nil && (a.Message != b.Message || a.Replay != b.Replay) {
				t.Errorf("%d: on one engine %v, on %d %v", bad, a, engines, b)
			}
		}
	}
	if failures < 3 {
		t.Errorf("only %d of the programs fail: there is little to compare", failures)
	}
}
