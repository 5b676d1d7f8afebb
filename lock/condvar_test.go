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

	"github.com/fearless-go/fearless/lock"
)

func TestCondvarQueue(t *testing.T) {
	const producers, consumers, items = 3, 4, 2000
	var notEmpty, notFull lock.Condvar
	type queue struct {
		items []int
		left  int
	}
	q := lock.NewMutex(queue{left: producers * items})
	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range items {
				g := q.Lock()
				notFull.WaitWhile(g, func() bool { return len(g.Ptr().items) == 5 })
				g.Ptr().items = append(g.Ptr().items, p*items+i)
				g.Unlock()
				notEmpty.NotifyOne()
			}
		})
	}
	seen := make([]bool, producers*items)
	for range consumers {
		wg.Go(func() {
			for {
				g := q.Lock()
				notEmpty.WaitWhile(g, func() bool { return len(g.Ptr().items) == 0 && g.Ptr().left > 0 })
				v := g.Ptr()
				if v.left == 0 {
					g.Unlock()
					return
				}
				seen[v.items[0]] = true
				v.items = v.items[1:]
				v.left--
				last := v.left == 0
				g.Unlock()
				notFull.NotifyOne()
				if last {
					notEmpty.NotifyAll()
				}
			}
		})
	}
	wg.Wait()
	for i, ok := range seen {
		if !ok {
			t.Fatalf("item %d is lost", i)
		}
	}
}

// holding runs f in a goroutine with a new guard of m.
func holding[T any](m *lock.Mutex[T], f func(g lock.Guard[T])) <-chan bool {
	return started(func() {
		g := m.Lock()
		defer g.Unlock()
		f(g)
	})
}

func TestNotifyWakesOneOrAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c lock.Condvar
		m := lock.NewMutex("")
		c.NotifyOne() // nobody waits: it is not kept
		var all []<-chan bool
		for _, name := range []string{"a", "b", "c", "d"} {
			all = append(all, holding(m, func(g lock.Guard[string]) {
				c.Wait(g)
				g.Set(g.Get() + name)
			}))
		}
		woken := func(want string) {
			t.Helper()
			synctest.Wait()
			if v := m.Lock(); v.Get() != want {
				t.Errorf("%q are awake, want %q", v.Get(), want)
				v.Unlock()
			} else {
				v.Unlock()
			}
		}
		woken("")
		c.NotifyOne()
		woken("a")
		c.NotifyOne()
		woken("ab")
		c.NotifyAll()
		for _, done := range all {
			<-done
		}
		if g := m.Lock(); len(g.Get()) != 4 {
			t.Error(g.Get())
		}
	})
}

func TestCondvarTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c lock.Condvar
		m := lock.NewMutex(0)
		g := m.Lock()
		start := time.Now()
		if !c.WaitTimeout(g, time.Hour) || time.Since(start) != time.Hour {
			t.Errorf("WaitTimeout: %v", time.Since(start))
		}
		if !c.WaitTimeout(g, 0) || !c.WaitTimeout(g, -1) {
			t.Error("WaitTimeout without time is no time-out")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := c.WaitContext(ctx, g); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := m.TryLock(); !errors.Is(err, lock.ErrWouldBlock) {
			t.Error("the lock is not held after a wait that failed")
		}
		start = time.Now()
		calls := 0
		if !c.WaitTimeoutWhile(g, time.Second, func() bool { calls++; return true }) || time.Since(start) != time.Second || calls < 2 {
			t.Errorf("WaitTimeoutWhile: %v, %d calls", time.Since(start), calls)
		}
		if c.WaitTimeoutWhile(g, -1, func() bool { return false }) {
			t.Error("WaitTimeoutWhile whose condition does not hold timed out")
		}
		g.Unlock()

		done := holding(m, func(g lock.Guard[int]) {
			if c.WaitTimeout(g, time.Hour) {
				t.Error("notified, and timed out")
			}
			if c.WaitTimeoutWhile(g, time.Hour, func() bool { return g.Get() == 0 }) {
				t.Error("the condition changed, and it timed out")
			}
			if err := c.WaitContext(t.Context(), g); err != nil {
				t.Error(err)
			}
		})
		c.NotifyOne()
		synctest.Wait()
		m.With(func(v *int) { *v = 1 })
		c.NotifyAll()
		synctest.Wait()
		c.NotifyOne()
		<-done
	})
}

// TestNotificationIsNotLostToATimeout: with as many notifications as waits, the
// ones that timed out leave theirs to the others.
func TestNotificationIsNotLostToATimeout(t *testing.T) {
	var c lock.Condvar
	m := lock.NewMutex(0) // tickets
	var wg sync.WaitGroup
	const waiters, rounds = 4, 300
	for i := range waiters {
		wg.Go(func() {
			for r := range rounds {
				g := m.Lock()
				for g.Get() == 0 {
					c.WaitTimeout(g, time.Duration((i+r)%30)*time.Microsecond)
				}
				g.Set(g.Get() - 1)
				g.Unlock()
			}
		})
	}
	for range waiters * rounds {
		m.With(func(n *int) { *n++ })
		c.NotifyOne()
	}
	wg.Wait()
}

func TestCondvarWithTwoMutexes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c lock.Condvar
		first, second := lock.NewMutex(0), lock.NewMutex("")
		waiting := holding(first, func(g lock.Guard[int]) { c.Wait(g) })
		g := second.Lock()
		err := panicsWith[*lock.CondvarError](t, func() { c.Wait(g) })
		if !strings.Contains(err.Error(), "second mutex") {
			t.Error(err)
		}
		if _, err := second.TryLock(); !errors.Is(err, lock.ErrWouldBlock) {
			t.Error("the refused wait unlocked the mutex")
		}
		c.NotifyOne()
		<-waiting
		// Nobody waits with the first any more.
		if !c.WaitTimeout(g, time.Second) {
			t.Error("notified by nobody")
		}
		g.Unlock()
	})
}

func TestWaitPanicsIfPoisonedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c lock.Condvar
		m := lock.NewMutex(0)
		done := started(func() {
			g := m.Lock()
			panicsWith[*lock.PoisonError](t, func() { c.Wait(g) })
			m.ClearPoison()
			g.Unlock()
		})
		recovered(func() { m.With(func(*int) { panic("x") }) })
		c.NotifyAll()
		<-done

		// Who knows of the poison already is not told again.
		recovered(func() { m.With(func(*int) { panic("x") }) })
		done = started(func() {
			g, _ := m.LockResult()
			c.Wait(g)
			g.Unlock()
		})
		c.NotifyAll()
		<-done
	})
}

// More threads than a Condvar keeps waiters for, again and again, and with one
// mutex after the other.
func TestCrowdsWaitInTurn(t *testing.T) {
	const crowd = 100
	var c lock.Condvar
	for round := range 6 {
		m := lock.NewMutex(0)
		var all sync.WaitGroup
		for range crowd {
			all.Go(func() {
				g := m.Lock()
				*g.Ptr()++
				c.WaitWhile(g, func() bool { return *g.Ptr() <= crowd })
				g.Unlock()
			})
		}
		for {
			g := m.Lock()
			all := g.Get() == crowd
			if all {
				g.Set(crowd + 1)
			}
			g.Unlock()
			if all {
				break
			}
			runtime.Gosched()
		}
		if round%2 == 0 {
			c.NotifyAll()
		} else {
			for range crowd {
				c.NotifyOne()
			}
		}
		all.Wait()
	}
}

// A Condvar that nobody waits with keeps no mutex alive, nor its data: neither
// the first that it was used with, nor the last, however the wait ended.
func TestCondvarForgetsMutexes(t *testing.T) {
	c := new(lock.Condvar)
	// notified waits for what notify does once the wait has unlocked the mutex.
	notified := func(m *lock.Mutex[[]byte], g lock.Guard[[]byte], notify func()) {
		go func() {
			m.Lock().Unlock()
			notify()
		}()
		c.Wait(g)
	}
	ends := map[string]func(m *lock.Mutex[[]byte], g lock.Guard[[]byte]){
		"timeout": func(_ *lock.Mutex[[]byte], g lock.Guard[[]byte]) { c.WaitTimeout(g, time.Millisecond) },
		"context": func(_ *lock.Mutex[[]byte], g lock.Guard[[]byte]) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			_ = c.WaitContext(ctx, g)
		},
		"NotifyOne": func(m *lock.Mutex[[]byte], g lock.Guard[[]byte]) { notified(m, g, c.NotifyOne) },
		"NotifyAll": func(m *lock.Mutex[[]byte], g lock.Guard[[]byte]) { notified(m, g, c.NotifyAll) },
	}
	freed := make(chan string, len(ends))
	for name, end := range ends {
		m := lock.NewMutex(make([]byte, 1<<20))
		runtime.AddCleanup(m, func(name string) { freed <- name }, name)
		g := m.Lock()
		end(m, g)
		g.Unlock()
	}
	for len(ends) > 0 {
		runtime.GC()
		select {
		case name := <-freed:
			delete(ends, name)
		case <-time.After(10 * time.Second):
			t.Fatalf("alive after %d waits", len(ends))
		}
	}
	runtime.KeepAlive(c)
}

// Many threads wait at once, again and again: no spare serves two.
func TestCondvarSparesServeOneEach(t *testing.T) {
	const waiters, rounds = 100, 50 // more than are kept
	var c, back lock.Condvar
	round := lock.NewMutex(struct{ number, arrived int }{})
	var wg sync.WaitGroup
	for range waiters {
		wg.Go(func() {
			for i := range rounds {
				g := round.Lock()
				g.Ptr().arrived++
				back.NotifyOne()
				c.WaitWhile(g, func() bool { return g.Ptr().number == i })
				g.Unlock()
			}
		})
	}
	for range rounds {
		g := round.Lock()
		back.WaitWhile(g, func() bool { return g.Ptr().arrived < waiters })
		g.Ptr().arrived = 0
		g.Ptr().number++
		g.Unlock()
		c.NotifyAll()
	}
	wg.Wait()
}

func TestWaitContextWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, c := lock.NewMutex(0), new(lock.Condvar)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		came := holding(m, func(g lock.Guard[int]) {
			if err := c.WaitContextWhile(ctx, g, func() bool { return g.Get() == 0 }); err != nil {
				t.Error(err)
			}
		})
		never := holding(m, func(g lock.Guard[int]) {
			if err := c.WaitContextWhile(ctx, g, func() bool { return true }); err != context.DeadlineExceeded {
				t.Error(err)
			}
		})
		c.NotifyAll() // for nothing
		synctest.Wait()
		m.With(func(v *int) { *v = 1 })
		c.NotifyAll()
		<-came
		<-never
	})
}

// A wait with a guard that was unlocked would leave a waiter in the queue, and come back
// with a lock that nobody unlocks.
func TestCondvarRefusesAGuardThatIsUnlocked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	holds := func() bool { return true }
	for name, wait := range map[string]func(c *lock.Condvar, g lock.Guard[int]){
		"Wait":                   func(c *lock.Condvar, g lock.Guard[int]) { c.Wait(g) },
		"WaitWhile":              func(c *lock.Condvar, g lock.Guard[int]) { c.WaitWhile(g, holds) },
		"WaitTimeout":            func(c *lock.Condvar, g lock.Guard[int]) { c.WaitTimeout(g, time.Millisecond) },
		"WaitTimeout that is up": func(c *lock.Condvar, g lock.Guard[int]) { c.WaitTimeout(g, 0) },
		"WaitTimeoutWhile":       func(c *lock.Condvar, g lock.Guard[int]) { c.WaitTimeoutWhile(g, time.Millisecond, holds) },
		"WaitContext":            func(c *lock.Condvar, g lock.Guard[int]) { c.WaitContext(t.Context(), g) },
		"WaitContext that is up": func(c *lock.Condvar, g lock.Guard[int]) { c.WaitContext(ctx, g) },
		"WaitContextWhile":       func(c *lock.Condvar, g lock.Guard[int]) { c.WaitContextWhile(t.Context(), g, holds) },
	} {
		var c lock.Condvar
		m := lock.NewMutex(0)
		g := m.Lock()
		g.Unlock()
		if err := panicsWith[*lock.GuardError](t, func() { wait(&c, g) }); err == nil || err.Op != "Wait" {
			t.Errorf("%s: %v", name, err)
		}
		if c.WakeOne() {
			t.Errorf("%s leaves a waiter", name)
		}
		if g, err := m.TryLock(); err != nil {
			t.Errorf("%s leaves the lock held", name)
		} else {
			g.Unlock()
		}
	}
}
