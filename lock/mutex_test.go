package lock_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/lock"
)

// recovered returns what f panics with.
func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// panicsWith checks that f panics with an error of type E, and returns it.
func panicsWith[E error](t *testing.T, f func()) E {
	t.Helper()
	value := recovered(f)
	err, ok := value.(E)
	if !ok {
		t.Errorf("it panics with %v (%T), want %T", value, value, err)
	}
	return err
}

func TestMutexExcludes(t *testing.T) {
	m := lock.NewMutex(0)
	const goroutines, rounds = 8, 3000
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			for range rounds {
				switch i % 4 {
				case 0:
					m.With(func(n *int) { *n++ })
				case 1:
					g := m.Lock()
					g.Set(g.Get() + 1)
					g.Unlock()
				case 2:
					g, err := m.LockTimeout(time.Hour)
					if err != nil {
						t.Error(err)
						return
					}
					*g.Ptr()++
					g.Unlock()
				case 3:
					for {
						g, err := m.TryLock()
						if err == nil {
							*g.Ptr()++
							g.Unlock()
							break
						}
						if !errors.Is(err, lock.ErrWouldBlock) {
							t.Error(err)
							return
						}
						runtime.Gosched()
					}
				}
			}
		})
	}
	wg.Wait()
	if n, err := m.IntoInner(); n != goroutines*rounds || err != nil {
		t.Errorf("%d, %v, want %d", n, err, goroutines*rounds)
	}
}

func TestMutexZeroValue(t *testing.T) {
	var m lock.Mutex[[]string]
	m.With(func(v *[]string) { *v = append(*v, "x") })
	*m.GetMut() = append(*m.GetMut(), "y")
	if v, err := m.IntoInner(); strings.Join(v, "") != "xy" || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestMutexShapesWhileHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := lock.NewMutex(1)
		g := m.Lock()
		if _, err := m.TryLock(); !errors.Is(err, lock.ErrWouldBlock) {
			t.Errorf("TryLock: %v", err)
		}
		start := time.Now()
		_, err := m.LockTimeout(time.Hour)
		var timeout interface{ Timeout() bool }
		if !errors.Is(err, lock.ErrTimeout) || !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("LockTimeout: %v", err)
		}
		if time.Since(start) != time.Hour {
			t.Errorf("LockTimeout(1h) took %v", time.Since(start))
		}
		if _, err := m.LockTimeout(-1); !errors.Is(err, lock.ErrTimeout) {
			t.Errorf("LockTimeout(-1): %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := m.LockContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("LockContext: %v", err)
		}
		if _, err := m.LockContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("LockContext with a context that is done: %v", err)
		}
		g.Unlock()
		for _, f := range []func() (lock.Guard[int], error){
			m.TryLock, m.LockResult,
			func() (lock.Guard[int], error) { return m.LockTimeout(0) },
			func() (lock.Guard[int], error) { return m.LockContext(ctx) },
		} {
			g, err := f()
			if err != nil || g.Get() != 1 {
				t.Errorf("a free lock could not be had: %v", err)
			}
			g.Unlock()
		}
	})
}

// TestTimeoutAndHandOverAtOnce: the lock is never lost to a waiter that gave up.
func TestTimeoutAndHandOverAtOnce(t *testing.T) {
	m := lock.NewMutex(0)
	var wg sync.WaitGroup
	got := 0
	for i := range 4 {
		wg.Go(func() {
			for j := range 500 {
				g, err := m.LockTimeout(time.Duration((i*7+j)%60) * time.Microsecond)
				if err == nil {
					got++
					if j%5 == 0 {
						time.Sleep(20 * time.Microsecond)
					}
					g.Unlock()
				}
			}
		})
	}
	wg.Wait()
	g, err := m.LockTimeout(10 * time.Second)
	if err != nil {
		t.Fatalf("after %d locks it cannot be had: %v", got, err)
	}
	g.Unlock()
}

// TestStarvedWaiterIsServed: a thread that grabs the lock again and again
// cannot keep another out.
func TestStarvedWaiterIsServed(t *testing.T) {
	m := lock.NewMutex(0)
	stop := make(chan bool)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					m.With(func(*int) { time.Sleep(100 * time.Microsecond) })
				}
			}
		})
	}
	for range 20 {
		m.With(func(n *int) { *n++ })
	}
	close(stop)
	wg.Wait()
}

func TestPoisoning(t *testing.T) {
	cause := errors.New("cause")
	for _, test := range []struct {
		name string
		do   func(m *lock.Mutex[int])
	}{
		{"With", func(m *lock.Mutex[int]) { m.With(func(n *int) { *n = 1; panic(cause) }) }},
		{"deferred Unlock", func(m *lock.Mutex[int]) {
			g := m.Lock()
			defer g.Unlock()
			g.Set(1)
			panic(cause)
		}},
	} {
		m := lock.NewMutex(0)
		if v := recovered(func() { test.do(m) }); v != cause {
			t.Errorf("%s: the panic became %v", test.name, v)
		}
		if !m.IsPoisoned() {
			t.Errorf("%s: not poisoned", test.name)
		}
		err := panicsWith[*lock.PoisonError](t, func() { m.Lock() })
		if !strings.Contains(err.Error(), "ClearPoison") {
			t.Error(err)
		}
		panicsWith[*lock.PoisonError](t, func() { m.With(func(*int) { t.Error("it ran") }) })
		for _, f := range []func() (lock.Guard[int], error){
			m.LockResult, m.TryLock,
			func() (lock.Guard[int], error) { return m.LockTimeout(time.Second) },
			func() (lock.Guard[int], error) { return m.LockContext(t.Context()) },
		} {
			g, err := f()
			var poisoned *lock.PoisonError
			if !errors.As(err, &poisoned) || g.Get() != 1 {
				t.Errorf("%s: %v", test.name, err)
			}
			g.Unlock()
		}
		if v, err := m.IntoInner(); v != 1 || err == nil {
			t.Errorf("%s: IntoInner: %v, %v", test.name, v, err)
		}
		g, _ := m.LockResult()
		g.Set(2)
		m.ClearPoison()
		g.Unlock()
		if g := m.Lock(); g.Get() != 2 || m.IsPoisoned() {
			t.Errorf("%s: after ClearPoison", test.name)
		}
	}
}

func TestPoisonedWhileOthersWait(t *testing.T) {
	m := lock.NewMutex(0)
	errs := make(chan error, 4)
	g := m.Lock()
	for range cap(errs) {
		go func() {
			g, err := m.LockResult()
			errs <- err
			g.Unlock()
		}()
	}
	time.Sleep(time.Millisecond)
	recovered(func() {
		defer g.Unlock()
		panic("x")
	})
	for range cap(errs) {
		var poisoned *lock.PoisonError
		if err := <-errs; !errors.As(err, &poisoned) {
			t.Errorf("%v", err)
		}
	}
}

func TestGoexitPoisons(t *testing.T) {
	m := lock.NewMutex(0)
	done := make(chan bool)
	go func() {
		defer close(done)
		m.With(func(*int) { runtime.Goexit() })
	}()
	<-done
	if !m.IsPoisoned() {
		t.Error("not poisoned")
	}
}

func TestPanicKeepsItsStack(t *testing.T) {
	m := lock.NewMutex(0)
	var trace []byte
	func() {
		defer func() {
			trace = make([]byte, 1<<16)
			trace = trace[:runtime.Stack(trace, false)]
			recover()
		}()
		g := m.Lock()
		defer g.Unlock()
		explode()
	}()
	if !strings.Contains(string(trace), "lock_test.explode") {
		t.Errorf("the frame that panicked is gone:\n%s", trace)
	}
}

//go:noinline
func explode() { panic("boom") }

func TestUnlockInAnotherDeferredFunctionDoesNotPoison(t *testing.T) {
	m := lock.NewMutex(0)
	recovered(func() {
		g := m.Lock()
		defer func() { g.Unlock() }() // the documented limit
		panic("unseen")
	})
	if m.IsPoisoned() {
		t.Error("poisoned, although Unlock cannot see that panic")
	}
	g := m.Lock()
	g.Unlock()
}

func TestPanicElsewhereDoesNotPoison(t *testing.T) {
	m := lock.NewMutex(0)
	recovered(func() {
		defer func() { // runs while the panic is on its way
			g := m.Lock()
			defer g.Unlock()
			g.Set(5)
		}()
		panic("not under the lock")
	})
	if m.IsPoisoned() {
		t.Error("a lock that was used well, during a panic, is poisoned")
	}
}

func TestDoubleUnlock(t *testing.T) {
	m := lock.NewMutex(0)
	g := m.Lock()
	g.Unlock()
	panicsWith[*lock.GuardError](t, func() { g.Unlock() })
	m.Lock().Unlock() // nothing is broken by it
}

func TestStaleGuard(t *testing.T) {
	if !checked.Build {
		t.Skip("the default build does not check every use: see the documentation of Guard")
	}
	m := lock.NewMutex(0)
	old := m.Lock()
	old.Unlock()
	g := m.Lock()
	panicsWith[*lock.GuardError](t, func() { lock.Guard[int]{}.Unlock() })
	panicsWith[*lock.GuardError](t, func() { old.Get() })
	panicsWith[*lock.GuardError](t, func() { old.Set(1) })
	panicsWith[*lock.GuardError](t, func() { old.Ptr() })
	err := panicsWith[*lock.GuardError](t, func() { old.Unlock() })
	if err.Op != "Unlock" || !strings.Contains(err.Error(), "Guard.Unlock") {
		t.Error(err)
	}
	if _, err := m.TryLock(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Error("the stale guard unlocked somebody else's lock")
	}
	g.Unlock()
}

func TestInUse(t *testing.T) {
	m := lock.NewMutex(0)
	g := m.Lock()
	panicsWith[*lock.InUseError](t, func() { m.GetMut() })
	err := panicsWith[*lock.InUseError](t, func() { m.IntoInner() })
	if err.Op != "Mutex.IntoInner" {
		t.Error(err)
	}
	g.Unlock()
	*m.GetMut() = 3
}

func TestMutexDoesNotAllocate(t *testing.T) {
	if checked.Build {
		t.Skip("the checked build allocates for each guard")
	}
	m := lock.NewMutex(0)
	if n := testing.AllocsPerRun(100, func() {
		g := m.Lock()
		*g.Ptr()++
		g.Unlock()
		m.With(func(n *int) { *n++ })
		if g, err := m.TryLock(); err == nil {
			g.Unlock()
		}
		if g, err := m.LockTimeout(time.Second); err == nil {
			g.Unlock()
		}
	}); n != 0 {
		t.Errorf("%v allocations without contention", n)
	}
}

func TestWithResult(t *testing.T) {
	m := lock.NewMutex([]int{1})
	v, err := lock.WithResult(m, func(v *[]int) (string, error) { return "x", errors.ErrUnsupported })
	if v != "x" || err != errors.ErrUnsupported || m.IsPoisoned() {
		t.Error(v, err, m.IsPoisoned())
	}
	if v := recovered(func() { _, _ = lock.WithResult(m, func(*[]int) (int, error) { panic("x") }) }); v != "x" || !m.IsPoisoned() {
		t.Error(v, m.IsPoisoned())
	}
}
