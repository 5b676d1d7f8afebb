package lock_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/lock"
)

func TestOnceRunsOne(t *testing.T) {
	for range 50 {
		var o lock.Once
		var ran atomic.Int32
		data := 0
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				o.Do(func() {
					time.Sleep(10 * time.Microsecond)
					data = 1
					ran.Add(1)
				})
				if data != 1 {
					t.Error("Do returned before the function had")
				}
			})
		}
		wg.Wait()
		if ran.Load() != 1 || !o.IsCompleted() {
			t.Fatalf("it ran %d times", ran.Load())
		}
	}
}

func TestOncePoisonAndForce(t *testing.T) {
	for name, fail := range map[string]func(){
		"panic":  func() { panic("x") },
		"Goexit": runtime.Goexit,
	} {
		var o lock.Once
		done := make(chan bool)
		go func() {
			defer close(done)
			defer func() { recover() }()
			o.Do(fail)
		}()
		<-done
		if o.IsCompleted() || !o.IsPoisoned() {
			t.Errorf("%s: completed %v, poisoned %v", name, o.IsCompleted(), o.IsPoisoned())
		}
		err := panicsWith[*lock.PoisonError](t, func() { o.Do(func() { t.Error("it ran") }) })
		if !strings.Contains(err.Error(), "DoForce") {
			t.Error(err)
		}
		panicsWith[*lock.PoisonError](t, o.Wait)
		ran := false
		o.DoForce(func() { ran = true })
		o.DoForce(func() { t.Error("it ran again") })
		o.Do(func() { t.Error("it ran again") })
		if !ran || !o.IsCompleted() || o.IsPoisoned() {
			t.Errorf("%s: DoForce: ran %v, completed %v", name, ran, o.IsCompleted())
		}
	}
}

func TestOnceWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o lock.Once
		if err := o.TryWait(); !errors.Is(err, lock.ErrWouldBlock) {
			t.Error(err)
		}
		start := time.Now()
		if err := o.WaitTimeout(time.Hour); !errors.Is(err, lock.ErrTimeout) || time.Since(start) != time.Hour {
			t.Error(err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := o.WaitContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		waited := started(o.Wait)
		o.Do(func() {})
		<-waited
		if o.TryWait() != nil || o.WaitTimeout(0) != nil || o.WaitContext(ctx) != nil {
			t.Error("waiting for a Once that is complete fails")
		}
	})
}

func TestReentrantInitialization(t *testing.T) {
	var o lock.Once
	panicsWith[*lock.ReentrantError](t, func() { o.Do(func() { o.Do(func() {}) }) })

	for name, wait := range map[string]func(o *lock.Once){"Wait": (*lock.Once).Wait, "WaitForce": (*lock.Once).WaitForce} {
		var o lock.Once
		panicsWith[*lock.ReentrantError](t, func() { o.Do(func() { wait(&o) }) })
		if !o.IsPoisoned() {
			t.Errorf("a Once whose %s panicked is not poisoned", name)
		}
	}
	o = lock.Once{}
	o.Do(func() {
		if err := o.WaitTimeout(time.Millisecond); !errors.Is(err, lock.ErrTimeout) {
			t.Errorf("a wait with a limit says %v", err)
		}
	})

	var l lock.OnceLock[int]
	panicsWith[*lock.ReentrantError](t, func() { l.GetOrInit(func() int { return l.Wait() }) })
	panicsWith[*lock.ReentrantError](t, func() {
		l.GetOrInit(func() int { return l.GetOrInit(func() int { return 1 }) })
	})
	if _, ok := l.Get(); ok {
		t.Error("filled by a function that panicked")
	}
	panicsWith[*lock.ReentrantError](t, func() {
		l.GetOrInit(func() int { l.Set(2); return 1 })
	})

	var lazy *lock.LazyLock[int]
	lazy = lock.NewLazyLock(func() int { return lazy.Get() })
	err := panicsWith[*lock.ReentrantError](t, func() { lazy.Get() })
	if err.Type != "LazyLock" || !strings.Contains(err.Error(), "LazyLock") {
		t.Error(err)
	}
}

func TestOnceLock(t *testing.T) {
	var l lock.OnceLock[string]
	if v, ok := l.Get(); v != "" || ok || l.Ptr() != nil {
		t.Error("the zero OnceLock is not empty")
	}
	failure := errors.New("not yet")
	if v, err := l.GetOrTryInit(func() (string, error) { return "half", failure }); v != "" || err != failure {
		t.Errorf("%q, %v", v, err)
	}
	if _, ok := l.Get(); ok {
		t.Error("filled by a function that failed")
	}
	if v := recovered(func() { l.GetOrInit(func() string { panic("x") }) }); v != "x" {
		t.Error(v)
	}
	if v := l.GetOrInit(func() string { return "first" }); v != "first" {
		t.Error(v)
	}
	if v, err := l.GetOrTryInit(func() (string, error) { return "second", nil }); v != "first" || err != nil {
		t.Error(v, err)
	}
	if l.Set("third") || *l.Ptr() != "first" {
		t.Error("Set of a OnceLock that is filled")
	}
	if v, ok := l.Take(); v != "first" || !ok {
		t.Error(v, ok)
	}
	if v, ok := l.Take(); v != "" || ok {
		t.Error("Take of an empty OnceLock: ", v, ok)
	}
	if !l.Set("again") {
		t.Error("Set of an empty OnceLock")
	}
	if v, ok := lock.NewOnceLock(3).Get(); v != 3 || !ok {
		t.Error("NewOnceLock")
	}
	var busy lock.OnceLock[int]
	busy.GetOrInit(func() int {
		panicsWith[*lock.InUseError](t, func() { busy.Take() })
		return 1
	})
}

// TestOnceLockRunsExactlyOneToSuccess: failures are passed over to the next.
func TestOnceLockRunsExactlyOneToSuccess(t *testing.T) {
	for range 100 {
		var l lock.OnceLock[int]
		var calls, successes atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				defer func() { recover() }()
				l.GetOrTryInit(func() (int, error) {
					switch calls.Add(1) {
					case 1:
						return 0, errors.New("first")
					case 2:
						panic("second")
					}
					successes.Add(1)
					return 42, nil
				})
			})
		}
		wg.Wait()
		if v, ok := l.Get(); v != 42 || !ok || successes.Load() != 1 {
			t.Fatalf("%d, %v after %d successes", v, ok, successes.Load())
		}
	}
}

func TestLazyLock(t *testing.T) {
	var calls atomic.Int32
	l := lock.NewLazyLock(func() []int { calls.Add(1); return []int{1, 2} })
	if l.IsCompleted() {
		t.Error("computed before anyone asked")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if v := l.Get(); len(v) != 2 {
				t.Error(v)
			}
		})
	}
	wg.Wait()
	if calls.Load() != 1 || len(*l.Ptr()) != 2 || !l.IsCompleted() {
		t.Errorf("%d calls", calls.Load())
	}

	bad := lock.NewLazyLock(func() int { panic("x") })
	if v := recovered(func() { bad.Get() }); v != "x" {
		t.Error(v)
	}
	panicsWith[*lock.PoisonError](t, func() { bad.Get() })
	panicsWith[*lock.PoisonError](t, func() { bad.Ptr() })
	var zero lock.LazyLock[int]
	for range 3 {
		panicsWith[*lock.NoFunctionError](t, func() { zero.Get() })
		panicsWith[*lock.NoFunctionError](t, func() { zero.Ptr() })
	}
	panicsWith[*lock.NoFunctionError](t, func() { lock.NewLazyLock[int](nil) })
}

func TestBarrier(t *testing.T) {
	const threads, rounds = 5, 200
	b := lock.NewBarrier(threads)
	var arrived, leaders atomic.Int32
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for r := range rounds {
				arrived.Add(1)
				if b.Wait() {
					leaders.Add(1)
				}
				if n := arrived.Load(); int(n) < (r+1)*threads {
					t.Errorf("round %d went on after %d of %d", r, n, (r+1)*threads)
				}
			}
		})
	}
	wg.Wait()
	if leaders.Load() != rounds {
		t.Errorf("%d leaders in %d rounds", leaders.Load(), rounds)
	}
}

func TestBarrierShapes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := lock.NewBarrier(2)
		if _, err := b.TryWait(); !errors.Is(err, lock.ErrWouldBlock) {
			t.Error(err)
		}
		start := time.Now()
		if _, err := b.WaitTimeout(time.Hour); !errors.Is(err, lock.ErrTimeout) || time.Since(start) != time.Hour {
			t.Error(err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := b.WaitContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		// Who gave up has not arrived: it takes two.
		first := started(func() {
			if b.Wait() {
				t.Error("the first is the leader")
			}
		})
		if isDone(first) {
			t.Error("one went on alone")
		}
		if leader, err := b.TryWait(); !leader || err != nil {
			t.Error(leader, err)
		}
		<-first
		for _, b := range []*lock.Barrier{lock.NewBarrier(0), lock.NewBarrier(1), new(lock.Barrier)} {
			if !b.Wait() {
				t.Error("one thread alone is not the leader")
			}
		}
	})
	err := panicsWith[*lock.BarrierSizeError](t, func() { lock.NewBarrier(-3) })
	if !strings.Contains(err.Error(), "-3") {
		t.Error(err)
	}
}

func TestOnceLockWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(lock.OnceLock[int])
		if _, err := l.TryWait(); err != lock.ErrWouldBlock {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := l.WaitContext(ctx); err != context.DeadlineExceeded {
			t.Error(err)
		}
		recovered(func() { l.GetOrInit(func() int { panic("x") }) }) // it stays empty
		waiting := started(func() {
			if v := l.Wait(); v != 3 {
				t.Errorf("Wait returned %d", v)
			}
		})
		if _, err := l.GetOrTryInit(func() (int, error) { return 1, context.Canceled }); err == nil || isDone(waiting) {
			t.Errorf("%v, a wait ended without a value: %v", err, isDone(waiting))
		}
		l.Set(3)
		<-waiting
		if v, err := l.WaitTimeout(-1); v != 3 || err != nil {
			t.Error(v, err)
		}
		if v, err := l.TryWait(); v != 3 || err != nil {
			t.Error(v, err)
		}
	})
}

func TestLazyLockTryGet(t *testing.T) {
	l := lock.NewLazyLock(func() int { return 5 })
	if _, ok := l.TryGet(); ok || l.IsCompleted() {
		t.Error("TryGet computed the value")
	}
	l.Get()
	if v, ok := l.TryGet(); !ok || v != 5 {
		t.Error(v, ok)
	}
}
