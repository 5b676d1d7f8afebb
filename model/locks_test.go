//go:build fearless_model

package model_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

type program struct {
	name string
	f    func()
}

const longest = "who comes first, with two locks each"

// conformance are programs to which a Mutex must be the same whether it is one
// event for each lock and unlock or the code that ships: the same outcomes, and
// the same kind of failure.
var conformance = []program{
	{"two count", count(2, 1)},
	{"who comes first", func() {
		m := lock.NewMutex("")
		t := thread.Go(func() { m.With(func(s *string) { *s += "t" }) })
		m.With(func(s *string) { *s += "m" })
		join(t)
		m.With(func(s *string) { model.Observe(*s) })
	}},
	{longest, func() {
		m := lock.NewMutex("")
		twice := func(who string) {
			for range 2 {
				m.With(func(s *string) { *s += who })
			}
		}
		t := thread.Go(func() { twice("t") })
		twice("m")
		join(t)
		m.With(func(s *string) { model.Observe(*s) })
	}},
	{"an unlock synchronizes with the next lock", func() {
		m := lock.NewMutex(0)
		var x atomic.Int32
		t := thread.Go(func() {
			x.Store(1, relaxed)
			m.With(func(v *int) { *v = 1 })
		})
		seen := 0
		m.With(func(v *int) { seen = *v })
		model.Observe(seen, x.Load(relaxed))
		join(t)
	}},
	{"a lock does not order what is not under it", func() {
		m := lock.NewMutex(0)
		var x, y atomic.Int32
		t := thread.Go(func() {
			x.Store(1, relaxed)
			m.With(func(*int) {})
			y.Store(1, relaxed)
		})
		a := y.Load(relaxed)
		m.With(func(*int) {})
		model.Observe(a, x.Load(relaxed))
		join(t)
	}},
	{"TryLock", func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		g, err := m.TryLock()
		if err == nil {
			g.Set(g.Get() + 10)
			g.Unlock()
		}
		join(t)
		m.With(func(v *int) { model.Observe(*v, err) })
	}},
	{"TryLock twice, and what it tells", func() {
		m := lock.NewMutex(0)
		var x atomic.Int32
		t := thread.Go(func() {
			m.With(func(*int) { x.Store(1, relaxed) })
		})
		for range 2 {
			g, err := m.TryLock()
			if err == nil {
				g.Unlock()
			}
			model.Observe(err == nil, " ", x.Load(relaxed), " ")
		}
		join(t)
	}},
	{"LockTimeout", func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		g, err := m.LockTimeout(time.Second)
		if err == nil {
			model.Observe(g.Get())
			g.Unlock()
		}
		model.Observe(err)
		join(t)
	}},
	{"LockTimeout of a Mutex held for ever", func() {
		m := lock.NewMutex(0)
		g := m.Lock()
		t := thread.Go(func() {
			_, err := m.LockTimeout(time.Second)
			model.Observe(err)
		})
		join(t)
		g.Unlock()
	}},
	{"LockContext, canceled meanwhile", func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() { m.With(func(v *int) { *v++ }); cancel() })
		g, err := m.LockContext(ctx)
		if err == nil {
			model.Observe(g.Get())
			g.Unlock()
		}
		model.Observe(err)
		join(t)
	}},
	{"LockContext of a Mutex held for ever", func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		g := m.Lock()
		t := thread.Go(func() {
			_, err := m.LockContext(ctx)
			model.Observe(err)
		})
		cancel()
		join(t)
		g.Unlock()
	}},
	{"LockContext that nobody cancels", func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		m.Lock()
		_, _ = m.LockContext(ctx)
		cancel()
	}},
	{"a panic poisons", func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(*int) { panic("poison") }) })
		g, err := m.LockResult()
		g.Unlock()
		_, _ = t.Join()
		var pe *lock.PoisonError
		model.Observe(errors.As(err, &pe), m.IsPoisoned())
	}},
	{"Lock of a poisoned Mutex panics, and unlocks", func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(*int) { panic("poison") }) })
		u := thread.Go(func() { m.With(func(*int) {}) })
		_, err := t.Join()
		_, err2 := u.Join()
		model.Observe(err != nil, err2 != nil)
		g, _ := m.TryLock()
		m.ClearPoison()
		g.Unlock()
		m.With(func(*int) {})
	}},
	{"two locks in two orders", func() {
		a, b := lock.NewMutex(0), lock.NewMutex(0)
		t := thread.Go(func() { a.With(func(*int) { b.With(func(*int) {}) }) })
		b.With(func(*int) { a.With(func(*int) {}) })
		join(t)
	}},
	{"two locks in one order", func() {
		a, b := lock.NewMutex(0), lock.NewMutex(0)
		both := func() { a.With(func(*int) { b.With(func(v *int) { *v++ }) }) }
		t := thread.Go(both)
		both()
		join(t)
		b.With(func(v *int) { model.Observe(*v) })
	}},
	{"a lock taken twice", func() {
		m := lock.NewMutex(0)
		m.With(func(*int) { m.With(func(*int) {}) })
	}},
	{"data behind the wrong lock", func() {
		a, b := lock.NewMutex(0), lock.NewMutex(0)
		var data cell.UnsafeCell[int]
		change := func(*int) { data.WithMut(func(v *int) { *v++ }) }
		t := thread.Go(func() { b.With(change) })
		a.With(change)
		join(t)
	}},
	{"GetMut of a Mutex that may be locked", func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(*int) {}) })
		m.GetMut()
		join(t)
	}},
	{"a guard unlocked twice", func() {
		m := lock.NewMutex(0)
		g := m.Lock()
		g.Unlock()
		g.Unlock()
	}},
	{"a busy loop of TryLock", func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		for {
			if g, err := m.TryLock(); err == nil {
				model.Observe(g.Get())
				g.Unlock()
				break
			}
			thread.YieldNow()
		}
		join(t)
	}},
	{"Condvar", func() {
		m := lock.NewMutex(0)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *int) { *v = 1 })
			c.NotifyOne()
		})
		g := m.Lock()
		model.Observe(g.Get())
		c.WaitWhile(g, func() bool { return g.Get() == 0 })
		model.Observe(g.Get())
		g.Unlock()
		join(t)
	}},
	{"a notification that comes too early", func() {
		m := lock.NewMutex(0)
		var c lock.Condvar
		t := thread.Go(c.NotifyOne)
		g := m.Lock()
		c.Wait(g)
		g.Unlock()
		join(t)
	}},
	{"Condvar.WaitTimeout", func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *bool) { *v = true })
			c.NotifyOne()
		})
		g := m.Lock()
		if !g.Get() {
			model.Observe(c.WaitTimeout(g, time.Second), " ")
		}
		model.Observe(g.Get())
		g.Unlock()
		join(t)
	}},
}

// count adds to one number under a Mutex, n threads k times each.
func count(n, k int) func() {
	return func() {
		m := lock.NewMutex(0)
		thread.Scope(func(s *thread.ScopeHandle) {
			for range n {
				s.Go(func() {
					for range k {
						m.With(func(v *int) { *v++ })
					}
				})
			}
		})
		m.With(func(v *int) { model.Observe(*v) })
	}
}

func TestLocksConform(t *testing.T) {
	for _, m := range []model.MemoryModel{model.RC11, model.SC} {
		for _, p := range conformance {
			if p.name == longest && (testing.Short() || m == model.SC) {
				continue // 67,442 executions of the code that ships
			}
			one := model.Explore(p.f, model.Memory(m))
			shipped := model.Explore(p.f, model.Memory(m), model.Locks(model.Shipped))
			a, b := slices.Sorted(maps.Keys(one.Outcomes)), slices.Sorted(maps.Keys(shipped.Outcomes))
			if one.Failure == nil && shipped.Failure == nil {
				if !slices.Equal(a, b) || !one.Exhaustive || !shipped.Exhaustive {
					t.Errorf("%s under %v: one event: %q; shipped: %q", p.name, m, a, b)
				}
			} else if one.Failure == nil || shipped.Failure == nil || one.Failure.Kind != shipped.Failure.Kind {
				t.Errorf("%s under %v: one event: %v\nshipped: %v", p.name, m, one.Failure, shipped.Failure)
			}
			verdict := fmt.Sprintf("%q", a)
			if one.Failure != nil {
				verdict = one.Failure.Kind.String()
			}
			t.Logf("%v, %s: %d (%d blocked) and %d (%d blocked) executions: %s", m, p.name, one.Executions, one.Blocked, shipped.Executions, shipped.Blocked, verdict)
		}
	}
}

// More threads than the shipped code can be exhausted with.
func TestOneEventLocksHaveAnExecutionForEachOrder(t *testing.T) {
	factorial := 1
	for n := 1; n <= 6; n++ {
		factorial *= n
		if r := explore(t, count(n, 1)); r.Executions != factorial || r.Outcomes[fmt.Sprint(n)] != factorial {
			t.Errorf("%d threads: %v", n, r)
		}
	}
}

func TestADeadlockNamesWhoHoldsTheLock(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"two locks in two orders", `thread 0 waits for a at locks_test.go:\d+, which thread 1 has locked at locks_test.go:\d+; ` +
			`thread 1 waits for b at locks_test.go:\d+, which thread 0 has locked at locks_test.go:\d+`},
		{"a lock taken twice", `thread 0 waits for m at locks_test.go:\d+, which it has locked itself at locks_test.go:\d+`},
	} {
		i := slices.IndexFunc(conformance, func(p program) bool { return p.name == test.name })
		r := model.Explore(conformance[i].f)
		if r.Failure == nil || r.Failure.Kind != model.Deadlock || !regexp.MustCompile(test.want).MatchString(r.Failure.Message) {
			t.Errorf("%s: %v; want %q", test.name, r.Failure, test.want)
			continue
		}
		again := model.Explore(conformance[i].f, model.Replay(r.Failure.Replay))
		if again.Failure == nil || again.Failure.Message != r.Failure.Message {
			t.Errorf("%s, again: %v for %v", test.name, again.Failure, r.Failure)
		}
	}
}

func ExampleLocks() {
	f := func() {
		m := lock.NewMutex(0)
		t := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		m.With(func(v *int) { *v++ })
		t.Join()
	}
	one := model.Explore(f)
	shipped := model.Explore(f, model.Locks(model.Shipped))
	fmt.Println(one.Executions, shipped.Executions > one.Executions)
	// Output: 2 true
}
