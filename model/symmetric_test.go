//go:build fearless_model

package model_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// A symmetricProgram has threads that are alike. What it observes does not tell them apart.
type symmetricProgram struct {
	name string
	f    func()
}

var symmetricPrograms = []symmetricProgram{
	{"fetch-add, five", func() {
		var x atomic.Int32
		model.Symmetric(5, func() { x.FetchAdd(1, relaxed) })()
		model.Observe(x.Load(relaxed))
	}},
	{"lost updates, three", func() {
		var x atomic.Int32
		model.Symmetric(3, func() { x.Store(x.Load(relaxed)+1, relaxed) })()
		model.Observe(x.Load(relaxed))
	}},
	{"ticket lock, four", func() {
		var next, serving atomic.Uint32
		var data cell.UnsafeCell[int]
		model.Symmetric(4, func() {
			mine := next.FetchAdd(1, relaxed)
			for serving.Load(acquire) != mine {
				atomic.SpinLoop()
			}
			data.WithMut(func(v *int) { *v++ })
			serving.Store(mine+1, release)
		})()
	}},
	{"Mutex, three times two", func() {
		m := lock.NewMutex(0)
		model.Symmetric(3, func() {
			for range 2 {
				m.With(func(v *int) { *v++ })
			}
		})()
		model.Observe(m.IntoInner())
	}},
	{"test and set lock, three", func() {
		var l atomic.Bool
		var data cell.UnsafeCell[int]
		model.Symmetric(3, func() {
			for l.Swap(true, acquire) {
				atomic.SpinLoop()
			}
			data.WithMut(func(v *int) { *v++ })
			l.Store(false, release)
		})()
	}},
	{"the same lock, Relaxed", func() {
		var l atomic.Bool
		var data cell.UnsafeCell[int]
		model.Symmetric(3, func() {
			for l.Swap(true, relaxed) {
				atomic.SpinLoop()
			}
			data.WithMut(func(v *int) { *v++ })
			l.Store(false, release)
		})()
	}},
	{"the same lock, which nobody unlocks", func() {
		var l atomic.Bool
		model.Symmetric(3, func() {
			for l.Swap(true, acquire) {
				atomic.SpinLoop()
			}
		})()
	}},
	{"readers beside a writer", func() {
		var x, y atomic.Int32
		var sum atomic.Int32
		w := thread.Go(func() {
			x.Store(1, relaxed)
			y.Store(1, release)
		})
		model.Symmetric(3, func() { sum.FetchAdd(y.Load(acquire)*10+x.Load(relaxed), relaxed) })()
		join(w)
		model.Observe(sum.Load(relaxed))
	}},
	{"a barrier", func() {
		b := lock.NewBarrier(3)
		var leaders atomic.Int32
		model.Symmetric(3, func() {
			if b.Wait() {
				leaders.FetchAdd(1, relaxed)
			}
		})()
		model.Observe(leaders.Load(relaxed))
	}},
	{"a Once", func() {
		var o lock.Once
		var ran atomic.Int32
		model.Symmetric(3, func() { o.Do(func() { ran.FetchAdd(1, relaxed) }) })()
		model.Observe(ran.Load(relaxed))
	}},
	{"a read-write lock", func() {
		l := lock.NewRWLock(0)
		model.Symmetric(2, func() { g := l.Read(); g.Unlock() })()
		g := l.Write()
		g.Set(1)
		g.Unlock()
	}},
	{"three pop a stack of two", func() {
		var head atomic.Ptr[node]
		bottom, top := new(node), new(node)
		top.next.Store(bottom, relaxed)
		head.Store(top, release)
		var popped atomic.Int32
		model.Symmetric(3, func() {
			for {
				old := head.Load(acquire)
				if old == nil {
					return
				}
				if _, ok := head.CompareExchange(old, old.next.Load(relaxed), acqRel, relaxed); ok {
					popped.FetchAdd(1, relaxed)
					return
				}
			}
		})()
		model.Observe(popped.Load(relaxed))
	}},
	{"two groups", func() {
		var x, y atomic.Int32
		first := model.Symmetric(2, func() { x.Store(1, relaxed); y.FetchAdd(x.Load(relaxed), relaxed) })
		second := model.Symmetric(2, func() { y.Store(5, release); x.FetchAdd(y.Load(acquire), relaxed) })
		first()
		second()
		model.Observe(x.Load(relaxed), y.Load(relaxed))
	}},
	{"a group in a group", func() {
		var x atomic.Int32
		model.Symmetric(2, func() { model.Symmetric(2, func() { x.FetchAdd(1, relaxed) })() })()
		model.Observe(x.Load(relaxed))
	}},
	{"Choose and weak failures", func() {
		var x atomic.Int32
		model.Symmetric(2, func() {
			x.FetchAdd(int32(model.Choose(3)), relaxed)
			x.CompareExchangeWeak(2, 7, relaxed, relaxed)
		})()
		model.Observe(x.Load(relaxed))
	}},
	{"two locks, in one order or the other", func() {
		a, b := lock.NewMutex(0), lock.NewMutex(0)
		model.Symmetric(2, func() {
			first, second := a, b
			if model.Choose(2) == 1 {
				first, second = b, a
			}
			g := first.Lock()
			second.Lock().Unlock()
			g.Unlock()
		})()
	}},
	{"loads and an SC fence before a store", func() {
		var x, y, sum atomic.Int32
		w := thread.Go(func() {
			x.Store(1, relaxed)
			atomic.Fence(seqCst)
			sum.FetchAdd(y.Load(relaxed)*100, relaxed)
		})
		model.Symmetric(2, func() {
			before := x.Load(relaxed)
			atomic.Fence(seqCst)
			y.Store(1, relaxed)
			sum.FetchAdd(before*10+x.Load(relaxed), relaxed)
		})()
		join(w)
		model.Observe(sum.Load(relaxed))
	}},
	{"an assumption", func() {
		var x, y atomic.Int32
		done := model.Symmetric(3, func() {
			model.Assume(x.Load(relaxed) == 1)
			y.FetchAdd(1, relaxed)
		})
		x.Store(1, relaxed)
		done()
		model.Observe(y.Load(relaxed))
	}},
	{"a lock until a context is canceled", func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		m := lock.NewMutex(0)
		var failed atomic.Int32
		g := m.Lock()
		done := model.Symmetric(2, func() {
			if h, err := m.LockContext(ctx); err == nil {
				h.Unlock()
			} else {
				failed.FetchAdd(1, relaxed)
			}
		})
		cancel()
		g.Unlock()
		done()
		model.Observe(failed.Load(relaxed))
	}},
	{"an assertion that two of three break", func() {
		var x atomic.Int32
		model.Symmetric(3, func() {
			before := x.Load(relaxed)
			x.FetchAdd(1, relaxed)
			model.Assert(before != 1 || x.Load(relaxed) != 3, "between")
		})()
	}},
}

// Symmetric threads have the verdict and the outcomes of threads that are not, in fewer
// executions.
func TestSymmetric(t *testing.T) {
	fewer := 0
	for _, p := range symmetricPrograms {
		for _, m := range []model.MemoryModel{model.RC11, model.SC} {
			all := model.Explore(p.f, model.Plain(), model.Memory(m))
			some := model.Explore(p.f, model.Memory(m))
			t.Logf("%s, %v: %s, %d executions for %d", p.name, m, some.Verdict(), some.Executions, all.Executions)
			if some.Verdict() != all.Verdict() || (some.Failure == nil) != (all.Failure == nil) || some.Failure != nil && some.Failure.Kind != all.Failure.Kind {
				t.Errorf("%s, %v: %s, %v; plain %s, %v", p.name, m, some.Verdict(), some.Failure, all.Verdict(), all.Failure)
			}
			if some.Failure != nil {
				if again := model.Explore(p.f, model.Memory(m), model.Replay(some.Failure.Replay)); again.Failure == nil || again.Failure.Kind != some.Failure.Kind {
					t.Errorf("%s, again: %v for %v", p.name, again.Failure, some.Failure)
				}
				continue
			}
			if a, b := slices.Sorted(maps.Keys(some.Outcomes)), slices.Sorted(maps.Keys(all.Outcomes)); !slices.Equal(a, b) {
				t.Errorf("%s, %v: %v; plain %v", p.name, m, a, b)
			}
			if some.Executions > all.Executions {
				t.Errorf("%s, %v: %d executions; plain %d", p.name, m, some.Executions, all.Executions)
			}
			if some.Executions < all.Executions {
				fewer++
			}
			if two := model.Explore(p.f, model.Memory(m), model.Parallel(2)); two.Executions != some.Executions {
				t.Errorf("%s, %v: %d executions; on two engines %d", p.name, m, some.Executions, two.Executions)
			}
		}
	}
	if fewer < 20 {
		t.Errorf("fewer executions in %d cases", fewer)
	}
}

func TestSymmetricFetchAddIsOneExecution(t *testing.T) {
	r := model.Explore(func() {
		var x atomic.Int32
		model.Symmetric(8, func() { x.FetchAdd(1, relaxed) })()
		model.Assert(x.Load(relaxed) == 8)
	})
	if r.Executions != 1 || r.Verdict() != model.Proven {
		t.Errorf("%d executions, %s", r.Executions, r.Verdict())
	}
}

func TestSymmetricPanics(t *testing.T) {
	r := model.Explore(func() { model.Symmetric(0, func() {}) })
	if r.Failure == nil || r.Failure.Kind != model.Panic || !strings.Contains(r.Failure.Error(), "Symmetric(0)") {
		t.Errorf("%v", r.Failure)
	}
	r = model.Explore(func() { model.Symmetric(2, func() { panic("mine") })() })
	if r.Failure == nil || r.Failure.Kind != model.Panic || !strings.Contains(r.Failure.Error(), "mine") {
		t.Errorf("%v", r.Failure)
	}
}
