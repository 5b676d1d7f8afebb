package lock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func TestDoForceState(t *testing.T) {
	var o lock.Once
	recovered(func() { o.Do(func() { panic("half way") }) })
	ran := false
	o.DoForceState(func(s lock.OnceState) { ran = s.IsPoisoned() && o.IsPoisoned() == false })
	if !ran || !o.IsCompleted() {
		t.Error("it did not run, or was not told of the panic")
	}
	o.DoForceState(func(lock.OnceState) { t.Error("it ran again") })
	new(lock.Once).DoForceState(func(s lock.OnceState) {
		if s.IsPoisoned() {
			t.Error("nothing has panicked")
		}
	})
	panicsWith[*lock.ReentrantError](t, func() {
		var o lock.Once
		o.DoForceState(func(lock.OnceState) { o.DoForceState(func(lock.OnceState) {}) })
	})
}

// A poisoned Once ends Wait, and not WaitForce, which somebody else's DoForce ends.
func TestWaitForce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o lock.Once
		recovered(func() { o.Do(func() { panic("half way") }) })
		panicsWith[*lock.PoisonError](t, o.Wait)
		if err := o.WaitForceTimeout(time.Second); !errors.Is(err, lock.ErrTimeout) {
			t.Error(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := o.WaitForceContext(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		done := started(o.WaitForce)
		synctest.Wait()
		recovered(func() { o.DoForce(func() { panic("again") }) })
		synctest.Wait()
		select {
		case <-done:
			t.Error("a second panic ended it")
		default:
		}
		o.DoForce(func() {})
		<-done
		o.WaitForce()
	})
}

func TestWakeCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, c := lock.NewMutex(0), new(lock.Condvar)
		if c.WakeOne() || c.WakeAll() != 0 {
			t.Error("somebody waited")
		}
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 4 {
				s.Go(func() {
					g := m.Lock()
					defer g.Unlock()
					c.Wait(g)
				})
			}
			synctest.Wait()
			if !c.WakeOne() || c.WakeAll() != 3 || c.WakeAll() != 0 {
				t.Error("not one and then three")
			}
		})
		_, _ = thread.Go(c.NotifyOne).Join() // it is a func() as before
		_, _ = thread.Go(c.NotifyAll).Join()
	})
}

// With a deferred Unlock an upgrade comes and goes any number of times.
func TestWithUpgraded(t *testing.T) {
	for _, p := range policies {
		t.Run(p.String(), func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			func() {
				g := l.UpgradableRead()
				defer g.Unlock()
				r := l.Read()
				called := func(*int) { t.Error("it was called") }
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				for want, err := range map[error]error{
					lock.ErrWouldBlock: g.TryWithUpgraded(called),
					lock.ErrTimeout:    g.WithUpgradedTimeout(time.Millisecond, called),
					context.Canceled:   g.WithUpgradedContext(ctx, called),
				} {
					if !errors.Is(err, want) {
						t.Errorf("%v, want %v", err, want)
					}
				}
				r.Unlock()
				up := func(v *int) {
					*v++
					if _, err := l.TryRead(); !errors.Is(err, lock.ErrWouldBlock) {
						t.Error("a reader beside the writer")
					}
				}
				g.WithUpgraded(up)
				for _, err := range []error{g.TryWithUpgraded(up), g.WithUpgradedTimeout(time.Hour, up), g.WithUpgradedContext(t.Context(), up)} {
					if err != nil {
						t.Error(err)
					}
				}
				l.Read().Unlock() // it only reads now
				if g.Get() != 4 {
					t.Error(g)
				}
			}()
			value := recovered(func() {
				g := l.UpgradableRead()
				defer g.Unlock()
				g.WithUpgraded(func(*int) { panic("half way") })
			})
			g, err := l.WriteResult()
			if g.Unlock(); value != "half way" || !errors.As(err, new(*lock.PoisonError)) {
				t.Error(value, err)
			}
		})
	}
}

func TestDowngradeUpgradable(t *testing.T) {
	l := lock.NewRWLock(0)
	w := l.Write()
	w.Set(1)
	u := w.DowngradeUpgradable()
	l.Read().Unlock()
	if _, err := l.TryUpgradableRead(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Error("a second upgradable reader:", err)
	}
	w = u.Upgrade()
	w.Unlock()
	panicsWith[*lock.GuardError](t, w.Unlock)
}

// A thread that reads may read again although a writer waits. Read would wait for good.
func TestReadRecursive(t *testing.T) {
	for _, p := range policies {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			outer := l.Read()
			wrote := started(func() { l.WithWrite(func(v *int) { *v++ }) })
			synctest.Wait()
			if p != lock.ReaderPreferring {
				if _, err := l.TryRead(); !errors.Is(err, lock.ErrWouldBlock) {
					t.Fatal("no writer waits:", err)
				}
			}
			l.ReadRecursive().Unlock()
			for _, f := range []func() (lock.ReadGuard[int], error){
				l.ReadRecursiveResult, l.TryReadRecursive,
				func() (lock.ReadGuard[int], error) { return l.ReadRecursiveTimeout(time.Second) },
				func() (lock.ReadGuard[int], error) { return l.ReadRecursiveContext(t.Context()) },
			} {
				g, err := f()
				if err != nil || g.Get() != 0 {
					t.Error(p, g, err)
				}
				g.Unlock()
			}
			inner := l.ReadRecursive()
			outer.Unlock()
			synctest.Wait()
			inner.Unlock() // the last reader lets the writer in, whoever it is
			<-wrote
			w := l.Write()
			if _, err := l.TryReadRecursive(); !errors.Is(err, lock.ErrWouldBlock) {
				t.Error(err)
			}
			if _, err := l.ReadRecursiveTimeout(time.Second); !errors.Is(err, lock.ErrTimeout) {
				t.Error(err)
			}
			w.Unlock()
		})
	}
	l := lock.NewRWLock(0)
	recovered(func() { l.WithWrite(func(*int) { panic("x") }) })
	panicsWith[*lock.PoisonError](t, func() { l.ReadRecursive() })
	g, _ := l.WriteResult() // and it left no reading
	g.Unlock()
}
