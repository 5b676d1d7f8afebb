package lock_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/lock"
)

var policies = []lock.Policy{lock.Fair, lock.WriterPreferring, lock.ReaderPreferring}

// forEachPolicy runs a test with an RWLock of each policy.
func forEachPolicy(t *testing.T, f func(t *testing.T, p lock.Policy)) {
	for _, p := range policies {
		t.Run(p.String(), func(t *testing.T) { f(t, p) })
	}
}

func TestRWLockExcludes(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		type pair struct{ a, b int }
		l := lock.NewRWLock(pair{}, p)
		var readers, writers, upgradables atomic.Int32
		reading := func(v pair) {
			readers.Add(1)
			if w := writers.Load(); w != 0 {
				t.Errorf("%d writers beside a reader", w)
			}
			if v.a != v.b {
				t.Errorf("half written: %v", v)
			}
			readers.Add(-1)
		}
		writing := func(v *pair) {
			if w, r := writers.Add(1), readers.Load(); w != 1 || r != 0 {
				t.Errorf("a writer beside %d others and %d readers", w-1, r)
			}
			v.a++
			if v.a%7 == 0 {
				runtime.Gosched()
			}
			v.b++
			writers.Add(-1)
		}
		const goroutines, rounds = 8, 600
		var wg sync.WaitGroup
		for i := range goroutines {
			wg.Go(func() {
				for range rounds {
					switch i % 4 {
					case 0:
						l.WithWrite(writing)
					case 1:
						l.WithRead(reading)
					case 2:
						g := l.UpgradableRead()
						if n := upgradables.Add(1); n != 1 {
							t.Errorf("%d upgradable readers", n)
						}
						before := g.Get()
						upgradables.Add(-1)
						w := g.Upgrade()
						if w.Get() != before {
							t.Errorf("a writer came between: %v, %v", before, w.Get())
						}
						writing(w.Ptr())
						after := w.Get()
						r := w.Downgrade()
						if r.Get() != after {
							t.Errorf("a writer came between: %v, %v", after, r.Get())
						}
						reading(*r.Ptr())
						r.Unlock()
					case 3:
						if g, err := l.ReadTimeout(50 * time.Microsecond); err == nil {
							reading(g.Get())
							g.Unlock()
						}
						if g, err := l.WriteTimeout(50 * time.Microsecond); err == nil {
							writing(g.Ptr())
							g.Unlock()
						}
						if g, err := l.TryUpgradableRead(); err == nil {
							if w, err := g.UpgradeTimeout(20 * time.Microsecond); err == nil {
								writing(w.Ptr())
								w.Unlock()
							} else {
								g.Downgrade().Unlock()
							}
						}
					}
				}
			})
		}
		wg.Wait()
		if v, err := l.IntoInner(); err != nil || v.a != v.b || v.a < goroutines/2*rounds {
			t.Errorf("%v, %v", v, err)
		}
	})
}

// started runs f in a goroutine and returns a channel that is closed when it
// has returned. Inside a bubble it returns when f has returned or blocks.
func started(f func()) <-chan bool {
	done := make(chan bool)
	go func() {
		defer close(done)
		f()
	}()
	synctest.Wait()
	return done
}

func isDone(c <-chan bool) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestRWLockPolicies: while a reader reads, a writer and then a second reader
// come; then a second writer. Who is in when?
func TestRWLockPolicies(t *testing.T) {
	for _, test := range []struct {
		policy      lock.Policy
		secondReads bool // at once, although a writer waits
		order       string
	}{
		{lock.Fair, false, "w1 r2 w2 "},
		{lock.WriterPreferring, false, "w1 w2 r2 "},
		{lock.ReaderPreferring, true, "r2 w1 w2 "},
	} {
		t.Run(test.policy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := lock.NewRWLock("", test.policy)
				first := l.Read()
				order := ""
				w1 := started(func() { l.WithWrite(func(*string) { order += "w1 " }) })
				r2 := started(func() {
					l.WithRead(func(string) { order += "r2 " })
				})
				if isDone(w1) || isDone(r2) != test.secondReads {
					t.Errorf("the writer is in: %v, the second reader is in: %v", isDone(w1), isDone(r2))
				}
				w2 := started(func() { l.WithWrite(func(*string) { order += "w2 " }) })
				first.Unlock()
				<-w1
				<-r2
				<-w2
				if order != test.order {
					t.Errorf("order %q, want %q", order, test.order)
				}
			})
		})
	}
}

func TestReadersEnterTogether(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(0, p)
			w := l.Write()
			inside := lock.NewBarrier(3)
			var all []<-chan bool
			for range 3 {
				all = append(all, started(func() { l.WithRead(func(int) { inside.Wait() }) }))
			}
			w.Unlock()
			for _, done := range all {
				<-done
			}
		})
	})
}

func TestRWLockShapes(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock(7, p)
			ctx, cancel := context.WithCancel(t.Context())
			blocked := func(name string, want error, took time.Duration, f func() error) {
				t.Helper()
				start := time.Now()
				if err := f(); !errors.Is(err, want) || time.Since(start) != took {
					t.Errorf("%s: %v after %v, want %v after %v", name, err, time.Since(start), want, took)
				}
			}
			r := l.Read()
			blocked("TryWrite", lock.ErrWouldBlock, 0, func() error { _, err := l.TryWrite(); return err })
			blocked("WriteTimeout", lock.ErrTimeout, time.Hour, func() error { _, err := l.WriteTimeout(time.Hour); return err })
			if g, err := l.TryRead(); err != nil {
				t.Errorf("TryRead beside a reader, after a writer gave up: %v", err)
			} else {
				g.Unlock()
			}
			u, err := l.TryUpgradableRead()
			if err != nil {
				t.Fatal(err)
			}
			blocked("TryUpgradableRead", lock.ErrWouldBlock, 0, func() error { _, err := l.TryUpgradableRead(); return err })
			blocked("UpgradableReadTimeout", lock.ErrTimeout, time.Second, func() error { _, err := l.UpgradableReadTimeout(time.Second); return err })
			blocked("TryUpgrade", lock.ErrWouldBlock, 0, func() error { _, err := u.TryUpgrade(); return err })
			blocked("UpgradeTimeout", lock.ErrTimeout, time.Second, func() error { _, err := u.UpgradeTimeout(time.Second); return err })
			if u.Get() != 7 {
				t.Error("the guard is not valid after a failed upgrade")
			}
			r.Unlock()
			w, err := u.TryUpgrade()
			if err != nil {
				t.Fatal(err)
			}
			blocked("TryRead", lock.ErrWouldBlock, 0, func() error { _, err := l.TryRead(); return err })
			blocked("ReadTimeout", lock.ErrTimeout, time.Second, func() error { _, err := l.ReadTimeout(time.Second); return err })
			cancel()
			blocked("ReadContext", context.Canceled, 0, func() error { _, err := l.ReadContext(ctx); return err })
			blocked("WriteContext", context.Canceled, 0, func() error { _, err := l.WriteContext(ctx); return err })
			blocked("UpgradableReadContext", context.Canceled, 0, func() error { _, err := l.UpgradableReadContext(ctx); return err })
			w.Set(8)
			w.Unlock()

			u, err = l.UpgradableReadContext(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if w, err = u.UpgradeContext(t.Context()); err != nil || w.Get() != 8 {
				t.Errorf("%v", err)
			}
			w.Unlock()
			if w, err = l.WriteContext(t.Context()); err != nil {
				t.Error(err)
			}
			w.Unlock()
			if g, err := l.ReadContext(t.Context()); err != nil || *g.Ptr() != 8 {
				t.Error(err)
			} else {
				g.Unlock()
			}
		})
	})
}

// TestGivingUpLetsOthersIn: readers that wait behind a writer enter when it gives up.
func TestGivingUpLetsOthersIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := lock.NewRWLock(0)
		r := l.Read()
		gaveUp := started(func() {
			if _, err := l.WriteTimeout(time.Second); !errors.Is(err, lock.ErrTimeout) {
				t.Error(err)
			}
		})
		second := started(func() { l.WithRead(func(int) {}) })
		if isDone(second) {
			t.Error("a reader passed a waiting writer")
		}
		<-gaveUp
		<-second
		r.Unlock()
	})
}

func TestUpgradeGoesBeforeWaitingWriters(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		synctest.Test(t, func(t *testing.T) {
			l := lock.NewRWLock("", p)
			u := l.UpgradableRead()
			r := l.Read()
			writer := started(func() { l.WithWrite(func(v *string) { *v += "writer " }) })
			upgraded := started(func() {
				w := u.Upgrade()
				*w.Ptr() += "upgraded "
				w.Unlock()
			})
			if isDone(upgraded) {
				t.Error("upgraded beside a reader")
			}
			r.Unlock()
			<-upgraded
			<-writer
			if v, _ := l.IntoInner(); v != "upgraded writer " {
				t.Error(v)
			}
		})
	})
}

func TestDowngradeLetsReadersInAndNoWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := lock.NewRWLock(0)
		w := l.Write()
		reader := started(func() { l.WithRead(func(int) {}) })
		writer := started(func() { l.WithWrite(func(*int) {}) })
		r := w.Downgrade()
		synctest.Wait()
		if !isDone(reader) || isDone(writer) {
			t.Errorf("the reader is in: %v, the writer is in: %v", isDone(reader), isDone(writer))
		}
		r.Unlock()
		<-writer
	})
}

func TestRWLockPoisoning(t *testing.T) {
	for name, do := range map[string]func(l *lock.RWLock[int]){
		"WithWrite": func(l *lock.RWLock[int]) { l.WithWrite(func(*int) { panic("x") }) },
		"deferred Unlock": func(l *lock.RWLock[int]) {
			g := l.Write()
			defer g.Unlock()
			panic("x")
		},
		"upgraded": func(l *lock.RWLock[int]) {
			g := l.UpgradableRead().Upgrade()
			defer g.Unlock()
			panic("x")
		},
	} {
		l := lock.NewRWLock(1)
		if v := recovered(func() { do(l) }); v != "x" || !l.IsPoisoned() {
			t.Errorf("%s: %v, poisoned: %v", name, v, l.IsPoisoned())
		}
		panicsWith[*lock.PoisonError](t, func() { l.Read() })
		panicsWith[*lock.PoisonError](t, func() { l.Write() })
		panicsWith[*lock.PoisonError](t, func() { l.UpgradableRead() })
		panicsWith[*lock.PoisonError](t, func() { l.WithRead(func(int) {}) })
		panicsWith[*lock.PoisonError](t, func() { l.WithWrite(func(*int) {}) })
		var poisoned *lock.PoisonError
		r, err := l.ReadResult()
		if !errors.As(err, &poisoned) || r.Get() != 1 {
			t.Errorf("%s: ReadResult: %v", name, err)
		}
		r.Unlock()
		u, err := l.UpgradableReadResult()
		if !errors.As(err, &poisoned) {
			t.Errorf("%s: UpgradableReadResult: %v", name, err)
		}
		u.Unlock()
		if _, err := l.IntoInner(); err == nil {
			t.Errorf("%s: IntoInner has no error", name)
		}
		w, err := l.WriteResult()
		if !errors.As(err, &poisoned) {
			t.Errorf("%s: WriteResult: %v", name, err)
		}
		l.ClearPoison()
		w.Unlock()
		l.Read().Unlock()
	}
}

func TestReadersDoNotPoison(t *testing.T) {
	l := lock.NewRWLock(0)
	recovered(func() { l.WithRead(func(int) { panic("x") }) })
	recovered(func() {
		g := l.Read()
		defer g.Unlock()
		panic("x")
	})
	recovered(func() {
		g := l.UpgradableRead()
		defer g.Unlock()
		panic("x")
	})
	if l.IsPoisoned() {
		t.Error("poisoned")
	}
	l.Write().Unlock() // and not held
}

func TestRWLockMisuse(t *testing.T) {
	l := lock.NewRWLock(0)
	r, w, u := l.Read(), lock.WriteGuard[int]{}, lock.UpgradableGuard[int]{}
	r.Unlock()
	panicsWith[*lock.GuardError](t, func() { r.Unlock() })
	w = l.Write()
	panicsWith[*lock.InUseError](t, func() { l.GetMut() })
	panicsWith[*lock.InUseError](t, func() { l.IntoInner() })
	w.Unlock()
	panicsWith[*lock.GuardError](t, func() { w.Unlock() })
	u = l.UpgradableRead()
	u.Unlock()
	panicsWith[*lock.GuardError](t, func() { u.Unlock() })
	if checked.Build {
		for name, use := range map[string]func(){
			"ReadGuard.Get":             func() { r.Get() },
			"ReadGuard.Ptr":             func() { r.Ptr() },
			"WriteGuard.Get":            func() { w.Get() },
			"WriteGuard.Set":            func() { w.Set(1) },
			"WriteGuard.Ptr":            func() { w.Ptr() },
			"WriteGuard.Downgrade":      func() { w.Downgrade() },
			"UpgradableGuard.Get":       func() { u.Get() },
			"UpgradableGuard.Ptr":       func() { u.Ptr() },
			"UpgradableGuard.Upgrade":   func() { u.Upgrade() },
			"UpgradableGuard.Downgrade": func() { u.Downgrade() },
		} {
			if err := panicsWith[*lock.GuardError](t, use); err.Type+"."+err.Op != name {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	*l.GetMut() = 4
	if v, err := l.IntoInner(); v != 4 || err != nil {
		t.Error(v, err)
	}
	for _, wrong := range [][]lock.Policy{{9}, {lock.Fair, lock.Fair}} {
		panicsWith[*lock.PolicyError](t, func() { lock.NewRWLock(0, wrong...) })
	}
	if s := fmt.Sprint(policies, lock.Policy(9)); s != "[Fair WriterPreferring ReaderPreferring] Policy(9)" {
		t.Error(s)
	}
}

// TestReaderTimeoutAtHandOver: whoever gives up, the lock goes on to others.
func TestReaderTimeoutAtHandOver(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		l := lock.NewRWLock(0, p)
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				for j := range 300 {
					d := time.Duration((i*13+j)%80) * time.Microsecond
					if i%2 == 0 {
						if g, err := l.WriteTimeout(d); err == nil {
							g.Set(g.Get() + 1)
							g.Unlock()
						}
					} else if g, err := l.ReadTimeout(d); err == nil {
						g.Unlock()
					}
				}
			})
		}
		wg.Wait()
		g, err := l.WriteTimeout(10 * time.Second)
		if err != nil {
			t.Fatal("the lock is lost: ", err)
		}
		g.Unlock()
	})
}

// Of too many readers one is refused before the count is wrong, each way in.
func TestTooManyReaders(t *testing.T) {
	forEachPolicy(t, func(t *testing.T, p lock.Policy) {
		l := lock.NewRWLock(0, p)
		l.Forget(lock.RoomForReaders - 1)
		last := l.Read()
		u := l.UpgradableRead()
		for name, f := range map[string]func(){
			"Read":        func() { l.Read() },
			"ReadResult":  func() { _, _ = l.ReadResult() },
			"TryRead":     func() { _, _ = l.TryRead() },
			"ReadTimeout": func() { _, _ = l.ReadTimeout(time.Hour) },
			"ReadContext": func() { _, _ = l.ReadContext(t.Context()) },
			"WithRead":    func() { l.WithRead(func(int) {}) },
			"Downgrade":   func() { u.Downgrade() },
		} {
			t.Log(name)
			panicsWith[*lock.ReadersError](t, f)
		}
		if l.Bias() {
			t.Error("biased: whom it counts at the end there is no room for")
		}
		if _, err := l.TryWrite(); err == nil {
			t.Error("a writer is in beside readers")
		}
		last.Unlock()
		l.Read().Unlock()
		u.Unlock()
	})
}

// Readers that queue behind a writer are let in when it gives up, as many as there
// is room for, and the others are refused.
func TestTooManyReadersInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := lock.NewRWLock(0)
		l.Forget(lock.RoomForReaders - 1)
		writer := started(func() { _, _ = l.WriteTimeout(time.Hour) })
		refused := make(chan bool, 3)
		for range 3 {
			go func() {
				_, out := recovered(func() { l.Read() }).(*lock.ReadersError)
				refused <- out
			}()
		}
		<-writer
		n := 0
		for range 3 {
			if <-refused {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d of 3 readers were refused, and there was room for one", n)
		}
	})
}
