//go:build fearless_model

package model_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// canceled runs wait with a context that another thread cancels after it has
// done what wait waits for, or, if it does nothing, at any moment.
func canceled(do func(), wait func(ctx context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	t := thread.Go(func() {
		if do != nil {
			do()
		}
		cancel()
	})
	model.Observe(wait(ctx))
	join(t)
}

func TestACancellationMayEndAnyWait(t *testing.T) {
	for _, p := range []program{
		{"ParkContext", func() {
			main := thread.Current()
			canceled(main.Unpark, thread.ParkContext)
		}},
		{"JoinContext", func() {
			var h *thread.JoinHandle[int]
			canceled(func() {}, func(ctx context.Context) (err error) {
				h = thread.Spawn(func() int { return 1 })
				_, err = h.JoinContext(ctx)
				return err
			})
			_, _ = h.Join()
		}},
		{"Mutex.LockContext", func() {
			m := lock.NewMutex(0)
			g := m.Lock()
			canceled(g.Unlock, func(ctx context.Context) error {
				g, err := m.LockContext(ctx)
				if err == nil {
					g.Unlock()
				}
				return err
			})
		}},
		{"RWLock.ReadContext", func() {
			l := lock.NewRWLock(0)
			g := l.Write()
			canceled(g.Unlock, func(ctx context.Context) error {
				g, err := l.ReadContext(ctx)
				if err == nil {
					g.Unlock()
				}
				return err
			})
		}},
		{"RWLock.WriteContext", func() {
			l := lock.NewRWLock(0)
			g := l.Read()
			canceled(g.Unlock, func(ctx context.Context) error {
				g, err := l.WriteContext(ctx)
				if err == nil {
					g.Unlock()
				}
				return err
			})
		}},
		{"Condvar.WaitContext", func() {
			m := lock.NewMutex(0)
			var c lock.Condvar
			g := m.Lock()
			canceled(c.NotifyOne, func(ctx context.Context) error { return c.WaitContext(ctx, g) })
			g.Unlock()
		}},
		{"Once.WaitContext", func() {
			var o lock.Once
			canceled(func() { o.Do(func() {}) }, o.WaitContext)
		}},
		{"Barrier.WaitContext", func() {
			b := lock.NewBarrier(2)
			canceled(func() { _, _ = b.WaitTimeout(time.Second) }, func(ctx context.Context) error {
				_, err := b.WaitContext(ctx)
				return err
			})
		}},
	} {
		for _, locks := range []model.LockModel{model.OneEvent, model.Shipped} {
			r := explore(t, p.f, model.Locks(locks))
			if want := map[string]bool{"<nil>": true, "context canceled": true}; len(r.Outcomes) != len(want) || r.Outcomes["<nil>"] == 0 || r.Outcomes["context canceled"] == 0 {
				t.Errorf("%s: %v", p.name, r.Outcomes)
			}
			t.Logf("%s: %d executions, %d blocked", p.name, r.Executions, r.Blocked)
		}
	}
}

func TestADeadlineMayBeReached(t *testing.T) {
	r := explore(t, func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		main := thread.Current()
		t := thread.Go(main.Unpark)
		model.Observe(thread.ParkContext(ctx))
		join(t)
	})
	if got := slices.Sorted(maps.Keys(r.Outcomes)); !slices.Equal(got, []string{"<nil>", "context deadline exceeded"}) {
		t.Error(got)
	}
}

func TestAContextThatIsNeverDoneIsNoLimit(t *testing.T) {
	for name, ctx := range map[string]context.Context{
		"Background": context.Background(), "WithCancel": func() context.Context { ctx, cancel := context.WithCancel(t.Context()); t.Cleanup(cancel); return ctx }(),
	} {
		r := model.Explore(func() { _ = thread.ParkContext(ctx) })
		if r.Failure == nil || r.Failure.Kind != model.Deadlock {
			t.Errorf("%s: %v", name, r.Failure)
		}
	}
}

// Whoever cancels after it has seen what the waiter does after its wait cannot
// have ended that wait.
func TestACancellationComesBeforeWhatItCauses(t *testing.T) {
	r := explore(t, func() {
		main := thread.Current()
		ctx, cancel := context.WithCancel(context.Background())
		var after atomic.Bool
		t := thread.Go(func() {
			if after.Load(relaxed) {
				cancel()
			} else {
				main.Unpark()
				cancel()
			}
		})
		err := thread.ParkContext(ctx)
		after.Store(true, relaxed)
		model.Observe(err)
		join(t)
	})
	if len(r.Outcomes) != 2 {
		t.Error(r.Outcomes)
	}
	r = model.Explore(func() {
		ctx, cancel := context.WithCancel(context.Background())
		var after atomic.Bool
		t := thread.Go(func() {
			if after.Load(relaxed) {
				cancel()
			}
		})
		_ = thread.ParkContext(ctx)
		after.Store(true, relaxed)
		join(t)
	})
	if r.Failure == nil || r.Failure.Kind != model.Deadlock || r.Executions != 0 {
		t.Errorf("canceled by nobody: %v", r)
	}
}

func TestACanceledScopeEndsWaits(t *testing.T) {
	r := explore(t, func() {
		defer func() {
			var pe *thread.PanicError
			err, _ := recover().(error)
			model.Observe(errors.As(err, &pe))
		}()
		thread.ScopeContext(context.Background(), func(ctx context.Context, s *thread.ScopeHandle) {
			s.Go(func() { model.Assert(thread.ParkContext(ctx) != nil) })
			s.Go(func() { panic("give up") })
		})
	})
	if r.Executions == 0 || r.Outcomes["true"] != r.Executions {
		t.Errorf("%v", r)
	}
}

func TestReplayOfACancellation(t *testing.T) {
	f := func() {
		main := thread.Current()
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() { main.Unpark(); cancel() })
		model.Assert(thread.ParkContext(ctx) == nil, "canceled")
		join(t)
	}
	r := model.Explore(f)
	if r.Failure == nil || r.Failure.Kind != model.Panic {
		t.Fatal(r.Failure)
	}
	if again := model.Explore(f, model.Replay(r.Failure.Replay)); again.Failure == nil || again.Failure.Message != r.Failure.Message {
		t.Errorf("%v; want %v", again.Failure, r.Failure)
	}
}

// A wait by a context in every kind of exploration ends and finds the same.
func TestCancellationsAtRandomAndInParallel(t *testing.T) {
	f := func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		t := thread.Go(func() { m.With(func(v *int) { *v++ }); cancel() })
		u := thread.Go(func() { m.With(func(v *int) { *v++ }) })
		g, err := m.LockContext(ctx)
		if err == nil {
			model.Observe(g.Get())
			g.Unlock()
		}
		join(t, u)
		model.Observe(err)
	}
	all := explore(t, f)
	two := explore(t, f, model.Parallel(2))
	if all.Executions != two.Executions || !maps.Equal(all.Outcomes, two.Outcomes) {
		t.Errorf("%v and %v", all, two)
	}
	some := explore(t, f, model.Seed(1), model.MaxExecutions(300))
	for o := range some.Outcomes {
		if all.Outcomes[o] == 0 {
			t.Errorf("at random: %q", o)
		}
	}
	if len(some.Outcomes) != len(all.Outcomes) {
		t.Errorf("at random: %v; all: %v", some.Outcomes, all.Outcomes)
	}
}

func waitOnce(again bool) func() {
	return func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *bool) { *v = true })
			c.NotifyOne()
		})
		g := m.Lock()
		if again {
			c.WaitWhile(g, func() bool { return !g.Get() })
		} else if !g.Get() {
			c.Wait(g)
		}
		model.Assert(g.Get(), "woken too early")
		g.Unlock()
		join(t)
	}
}

func TestCondvarWakesSpuriouslyWhereAsked(t *testing.T) {
	for _, locks := range []model.LockModel{model.OneEvent, model.Shipped} {
		explore(t, waitOnce(false), model.Locks(locks))
		r := model.Explore(waitOnce(false), model.SpuriousWakes(), model.Locks(locks))
		if r.Failure == nil || r.Failure.Kind != model.Panic {
			t.Errorf("without a loop: %v", r.Failure)
		}
		r = explore(t, waitOnce(true), model.SpuriousWakes(), model.Locks(locks))
		t.Logf("%d executions", r.Executions)
	}
}

func ExampleSpuriousWakes() {
	wait := func() {
		m := lock.NewMutex(false)
		var c lock.Condvar
		t := thread.Go(func() {
			m.With(func(v *bool) { *v = true })
			c.NotifyOne()
		})
		g := m.Lock()
		if !g.Get() { // for, it should say
			c.Wait(g)
		}
		model.Assert(g.Get())
		g.Unlock()
		t.Join()
	}
	fmt.Println(model.Explore(wait).Failure)
	fmt.Println(model.Explore(wait, model.SpuriousWakes()).Failure.Kind)
	// Output:
	// <nil>
	// panic
}
