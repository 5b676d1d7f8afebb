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

// stuck reports whether f is found to be stuck in a busy loop in this file.
func stuck(t *testing.T, name string, f func(), opts ...model.Option) {
	t.Helper()
	r := model.Explore(f, opts...)
	if r.Failure == nil || r.Failure.Kind != model.Deadlock || !strings.Contains(r.Failure.Message, "goes round in a busy loop at loop_test.go:") {
		t.Errorf("%s: %d executions, %v", name, r.Executions, r.Failure)
	}
}

// What a thread has read before its loop does not decide whether it is stuck in it.
func TestLoadsBeforeALoopAreNotOfIt(t *testing.T) {
	for _, m := range []model.MemoryModel{model.RC11, model.SC} {
		stuck(t, fmt.Sprint("nobody sets stage 2, ", m), func() {
			var stage atomic.Uint32
			w := thread.Go(func() { stage.Store(1, seqCst) })
			if stage.Load(seqCst) == 0 {
				for stage.Load(seqCst) != 2 {
					atomic.SpinLoop()
				}
			}
			join(w)
		}, model.Memory(m))
		stuck(t, fmt.Sprint("the same without SpinLoop, ", m), func() {
			var stage atomic.Uint32
			w := thread.Go(func() { stage.Store(1, seqCst) })
			if stage.Load(seqCst) == 0 {
				for stage.Load(seqCst) != 2 {
				}
			}
			join(w)
		}, model.Memory(m))
	}
	stuck(t, "a lost wake-up", func() {
		var flag atomic.Bool
		st := atomic.NewUint32(1)
		waker := thread.Go(func() {
			flag.Store(true, relaxed)
			if st.Load(relaxed) == 0 {
				st.Store(1, release)
			}
		})
		st.Store(0, relaxed)
		if !flag.Load(relaxed) {
			for st.Load(acquire) == 0 {
				atomic.SpinLoop()
			}
		}
		join(waker)
	})
}

// Equal values in a row are no busy loop.
func TestSamplesAreAllTaken(t *testing.T) {
	var x, y *atomic.Int32
	read := func() int32 { return x.Load(relaxed) }
	for _, test := range []struct {
		name string
		want int
		f    func() int32
		opts []model.Option
	}{
		{"a loop", 11, func() (sum int32) {
			for range 10 {
				sum += x.Load(relaxed)
			}
			return sum
		}, nil},
		{"a loop under SC", 11, func() (sum int32) {
			for range 10 {
				sum += x.Load(relaxed)
			}
			return sum
		}, []model.Option{model.Memory(model.SC)}},
		{"in a row", 11, func() int32 {
			return x.Load(relaxed) + x.Load(relaxed) + x.Load(relaxed) + x.Load(relaxed) + x.Load(relaxed) +
				x.Load(relaxed) + x.Load(relaxed) + x.Load(relaxed) + x.Load(relaxed) + x.Load(relaxed)
		}, nil},
		{"one loop after the other", 13, func() (sum int32) {
			for range 6 {
				sum += x.Load(relaxed)
			}
			for range 6 {
				sum += read()
			}
			return sum
		}, nil},
		{"of two variables", 11, func() (sum int32) {
			for range 10 {
				sum += x.Load(relaxed) + y.Load(relaxed)
			}
			return sum
		}, nil},
		{"by updates that fail", 11, func() (sum int32) {
			for range 10 {
				if v, _ := x.CompareExchange(2, 3, relaxed, relaxed); v == 1 {
					sum++
				}
			}
			return sum
		}, nil},
		{"until a bound", 11, func() (tries int32) {
			for tries < 10 && x.Load(relaxed) == 0 {
				tries++
			}
			return tries
		}, nil},
		{"until a bound, with SpinLoop", 11, func() (tries int32) {
			for tries < 10 && x.Load(relaxed) == 0 {
				atomic.SpinLoop()
				tries++
			}
			return tries
		}, nil},
		{"until a bound, with SpinLoop, counted", 11, func() (tries int32) {
			for tries < 10 && x.Load(relaxed) == 0 {
				atomic.SpinLoop()
				tries++
			}
			return tries
		}, []model.Option{model.CountedLoops()}},
	} {
		r := explore(t, func() {
			x, y = new(atomic.Int32), new(atomic.Int32)
			w := thread.Go(func() { x.Store(1, relaxed) })
			model.Observe(test.f())
			join(w)
		}, test.opts...)
		if r.Executions != test.want || len(r.Outcomes) != test.want || !r.Exhaustive {
			t.Errorf("%s: %d executions %v, want %d", test.name, r.Executions, r.Outcomes, test.want)
		}
	}
}

// What the first round alone does is explored, unless SpinLoop says that a round
// does nothing.
func TestTheFirstRoundMayNoteThatItWas(t *testing.T) {
	contended := func(hint bool) func() {
		return func() {
			var x atomic.Bool
			w := thread.Go(func() { x.Store(true, relaxed) })
			contended := false
			for !x.Load(relaxed) {
				contended = true
				if hint {
					atomic.SpinLoop()
				}
			}
			join(w)
			model.Observe(contended)
		}
	}
	for _, r := range []model.Report{
		model.Explore(contended(false)),
		model.Explore(contended(true), model.CountedLoops()),
	} {
		if r.Failure != nil || r.Outcomes["true"] != 1 || r.Outcomes["false"] != 1 {
			t.Errorf("%v, %v", r.Outcomes, r.Failure)
		}
	}
}

// A loop without SpinLoop may count its rounds: the report says that not all of
// them are explored. One that ends by itself is explored to its end.
func TestALoopThatMayCountIsNotExhaustive(t *testing.T) {
	count := func(most int, wait func()) model.Report {
		return model.Explore(func() {
			var x atomic.Bool
			w := thread.Go(func() { x.Store(true, relaxed) })
			tries := 0
			for tries != most && !x.Load(relaxed) {
				tries++
				wait()
			}
			join(w)
			model.Observe(tries)
		})
	}
	r := count(-1, func() {})
	if r.Failure != nil || r.Exhaustive || r.Verdict() != model.Undecided || len(r.Unseen) != 1 || r.Unseen[0].Kind != model.LoopRounds ||
		!strings.Contains(r.Unseen[0].String(), "loop_test.go:") || !strings.Contains(r.Unseen[0].String(), "tries is written") {
		t.Errorf("%v: %v, %v", r.Failure, r.Verdict(), r.Unseen)
	}
	if r := count(-1, atomic.SpinLoop); r.Failure != nil || r.Exhaustive || r.Verdict() != model.Undecided || len(r.Unseen) == 0 || r.Unseen[0].Kind != model.LoopState {
		t.Errorf("with SpinLoop: %v, %v, %v", r.Failure, r.Verdict(), r.Unseen)
	}
	if r := count(20, func() {}); r.Failure != nil || !r.Exhaustive || len(r.Outcomes) != 21 {
		t.Errorf("with a bound: %v, %v, %v", r.Failure, r.Verdict(), r.Outcomes)
	}
}

// A load that a loop repeats synchronizes as it does the first time.
func TestALoopMayReadOneFlagTwice(t *testing.T) {
	r := explore(t, func() {
		var flag, data atomic.Uint32
		w := thread.Go(func() {
			data.Store(1, relaxed)
			flag.Store(1, release)
		})
		_ = data.Load(acquire)
		for {
			first := flag.Load(seqCst)
			again := flag.Load(relaxed)
			if first == 1 && again == 1 {
				break
			}
			atomic.SpinLoop()
		}
		model.Assert(data.Load(relaxed) == 1, "published")
		join(w)
	})
	if r.Executions != 2 {
		t.Errorf("%d executions, want 2", r.Executions)
	}
}

// A spinLock is a lock by an update that changes nothing while it is held.
type spinLock struct {
	word atomic.Int32
	flag atomic.Bool
	ptr  atomic.Ptr[int]
}

var spinLocks = map[string]func(l *spinLock, wait func()) (unlock func()){
	"Swap": func(l *spinLock, wait func()) func() {
		for l.flag.Swap(true, acquire) {
			wait()
		}
		return func() { l.flag.Store(false, release) }
	},
	"Swap of a pointer": func(l *spinLock, wait func()) func() {
		p := l.ptr.Swap(nil, acquire)
		for p == nil {
			wait()
			p = l.ptr.Swap(nil, acquire)
		}
		return func() { l.ptr.Store(p, release) }
	},
	"FetchOr": func(l *spinLock, wait func()) func() {
		for l.word.FetchOr(1, acquire)&1 != 0 {
			wait()
		}
		return func() { l.word.FetchAnd(-2, release) }
	},
	"CompareExchange": func(l *spinLock, wait func()) func() {
		for {
			if _, ok := l.word.CompareExchange(0, 1, acquire, relaxed); ok {
				break
			}
			wait()
		}
		return func() { l.word.Store(0, release) }
	},
	"Swap after a look": func(l *spinLock, wait func()) func() {
		for l.word.Load(relaxed) != 0 || l.word.Swap(1, acquire) != 0 {
			wait()
		}
		return func() { l.word.Store(0, release) }
	},
}

func TestSpinLocksAreLocks(t *testing.T) {
	for name, lock := range spinLocks {
		for hint, wait := range map[string]func(){"SpinLoop": atomic.SpinLoop, "YieldNow": thread.YieldNow, "nothing": func() {}} {
			name := name + " with " + hint
			threads := 3
			if hint == "nothing" {
				threads = 2
			}
			counts := func() {
				var l spinLock
				l.ptr.Store(new(int), relaxed)
				var data cell.UnsafeCell[int]
				var all []*thread.JoinHandle[thread.Void]
				for range threads {
					all = append(all, thread.Go(func() {
						unlock := lock(&l, wait)
						data.WithMut(func(p *int) { *p++ })
						unlock()
					}))
				}
				join(all...)
				data.With(func(p *int) { model.Observe(*p) })
			}
			r := model.Explore(counts)
			if r.Failure != nil || r.Exhaustive == (hint == "nothing") || len(r.Outcomes) != 1 || r.Outcomes[fmt.Sprint(threads)] == 0 {
				t.Errorf("%s: %v, %v", name, r.Outcomes, r.Failure)
			}
			t.Logf("%s: %d executions, %d blocked", name, r.Executions, r.Blocked)
			if want := map[string]int{"Swap": 6, "FetchOr": 6, "CompareExchange": 6}[strings.TrimSuffix(name, " with "+hint)]; want > 0 && threads == 3 && r.Executions != want {
				t.Errorf("%s: %d executions, want 3!", name, r.Executions)
			}
			stuck(t, name+", two locks in two orders", func() {
				var a, b spinLock
				a.ptr.Store(new(int), relaxed)
				b.ptr.Store(new(int), relaxed)
				other := thread.Go(func() {
					defer lock(&a, wait)()
					defer lock(&b, wait)()
				})
				func() {
					defer lock(&b, wait)()
					defer lock(&a, wait)()
				}()
				join(other)
			})
			stuck(t, name+", locked twice", func() {
				var l spinLock
				lock(&l, wait)
				lock(&l, wait)
			})
		}
	}
}
