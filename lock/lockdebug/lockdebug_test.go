//go:build !fearless_model

package lockdebug_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/lock/lockdebug"
	"github.com/fearless-go/fearless/thread"
)

// fresh forgets what the deadlocks of other tests have left.
func fresh(t *testing.T) {
	t.Helper()
	lockdebug.Disable()
	if !lockdebug.Enable() {
		t.Fatal("it cannot be turned on")
	}
	t.Cleanup(lockdebug.Disable)
}

// afterWaits returns the snapshot in which n goroutines wait.
func afterWaits(n int) lockdebug.Report {
	for {
		if r := lockdebug.Snapshot(); len(r.Waits) == n {
			return r
		}
		runtime.Gosched()
	}
}

// meet makes n goroutines come to a point before any goes on, once, and where nobody looks.
func meet(n int) func() {
	var all sync.WaitGroup
	all.Add(n)
	return func() { all.Done(); all.Wait() }
}

// A stuck is a program of goroutines that wait for each other for good, or until
// free is called.
type stuck struct {
	name    string
	run     func()
	waits   int // how many goroutines wait in the end
	cycle   int
	certain bool
	limited bool
	behind  int
	says    []string
}

var programs = []stuck{
	{name: "AB-BA", waits: 2, cycle: 2, certain: true, says: []string{"deadlock of 2 goroutines", "waits for Mutex 0x", "lockdebug_test.go:"}, run: func() {
		a, b, both := lock.NewMutex(0), lock.NewMutex(0), meet(2)
		thread.Go(func() { a.Lock(); both(); b.Lock() })
		thread.Go(func() { b.With(func(*int) { both(); a.With(func(*int) {}) }) })
	}},
	{name: "three, and two behind", waits: 5, cycle: 3, certain: true, behind: 2, says: []string{"and 2 more behind them"}, run: func() {
		var m [3]lock.Mutex[int]
		all := meet(4)
		for i := range m {
			thread.Go(func() { m[i].Lock(); all(); m[(i+1)%3].Lock() })
		}
		all()
		thread.Go(func() { m[0].Lock() })
		thread.Go(func() { m[0].Lock() })
	}},
	{name: "a Mutex twice", waits: 1, cycle: 1, certain: true, run: func() {
		m := lock.NewMutex(0)
		thread.Go(func() { m.Lock(); m.Lock() })
	}},
	{name: "reader and writer", waits: 2, cycle: 2, certain: true, says: []string{"RWLock"}, run: func() {
		m, l, both := lock.NewMutex(0), lock.NewRWLock(0), meet(2)
		thread.Go(func() { l.Read(); both(); m.Lock() })
		thread.Go(func() { m.Lock(); both(); l.Write() })
	}},
	{name: "a second reading behind a writer", waits: 2, cycle: 2, certain: true, run: func() {
		l := lock.NewRWLock(0)
		both := meet(2)
		thread.Go(func() {
			l.Read()
			both()
			for r := lockdebug.Snapshot(); len(r.Waits) == 0; r = lockdebug.Snapshot() {
				runtime.Gosched()
			}
			l.Read()
		})
		thread.Go(func() { both(); l.Write() })
	}},
	{name: "an upgrade beside a reader that waits for it", waits: 2, cycle: 2, certain: true, run: func() {
		m, l, both := lock.NewMutex(0), lock.NewRWLock(0), meet(2)
		thread.Go(func() { g := l.UpgradableRead(); m.Lock(); both(); g.Upgrade() })
		thread.Go(func() { l.Read(); both(); m.Lock() })
	}},
	{name: "Join of who waits for the lock", waits: 2, cycle: 2, certain: true, says: []string{"the end of goroutine"}, run: func() {
		m := lock.NewMutex(0)
		thread.Go(func() {
			m.Lock()
			h := thread.Go(func() { m.Lock() })
			h.Thread().ID() // it runs
			h.Join()
		})
	}},
	{name: "Scope of who waits for the lock", waits: 2, cycle: 2, certain: true, says: []string{"Scope"}, run: func() {
		m := lock.NewMutex(0)
		thread.Go(func() { m.With(func(*int) { thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { m.Lock() }) }) }) })
	}},
	{name: "Once inside of a lock", waits: 2, cycle: 2, certain: true, says: []string{"Once"}, run: func() {
		m, o, both := lock.NewMutex(0), new(lock.Once), meet(2)
		thread.Go(func() { o.Do(func() { both(); m.Lock() }) })
		thread.Go(func() { m.Lock(); both(); o.Do(func() {}) })
	}},
	{name: "Condvar under another lock", waits: 2, cycle: 2, says: []string{"Condvar", "unless one notifies"}, run: func() {
		outer, m, c := lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar)
		both := meet(2)
		thread.Go(func() {
			outer.Lock()
			both()
			g := m.Lock()
			c.Wait(g)
		})
		thread.Go(func() {
			c.NotifyOne() // it has done so before
			both()
			outer.Lock()
			c.NotifyOne()
		})
	}},
	{name: "Park under a lock", waits: 2, cycle: 2, says: []string{"Unpark", "unless one notifies"}, run: func() {
		m, both, again := lock.NewMutex(0), meet(2), meet(2)
		var parker atomic.Pointer[thread.Thread]
		thread.Go(func() {
			parker.Store(thread.Current())
			both()
			thread.Park() // for the token that is there, or will be
			m.Lock()
			again()
			thread.Park()
		})
		thread.Go(func() {
			both()
			parker.Load().Unpark()
			again()
			m.Lock()
			parker.Load().Unpark()
		})
	}},
	{name: "a timeout will end it", waits: 2, cycle: 2, certain: true, limited: true, says: []string{"until a duration or a context ends it"}, run: func() {
		a, b, both := lock.NewMutex(0), lock.NewMutex(0), meet(2)
		thread.Go(func() { a.Lock(); both(); _, _ = b.LockTimeout(time.Hour) })
		thread.Go(func() { b.Lock(); both(); a.Lock() })
	}},
	{name: "a context in a Join will end it", waits: 2, cycle: 2, certain: true, limited: true, run: func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		_ = cancel
		thread.Go(func() {
			m.Lock()
			h := thread.Go(func() { m.Lock() })
			h.Thread().ID()
			_, _ = h.JoinContext(ctx)
		})
	}},
	{name: "a timeout of a Condvar under another lock will end it", waits: 2, cycle: 2, limited: true,
		says: []string{"until a duration or a context ends it", "or one notifies"}, run: func() {
			outer, m, c := lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar)
			both := meet(2)
			thread.Go(func() { outer.Lock(); both(); c.WaitTimeout(m.Lock(), time.Hour) })
			thread.Go(func() { c.NotifyOne(); both(); outer.Lock() })
		}},
	{name: "a cycle with a lock beside one of workers that look again", waits: 3, cycle: 2, limited: true, behind: 1,
		says: []string{"waits for Mutex"}, run: func() {
			outer, m, m2, c, c2 := lock.NewMutex(0), lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar), new(lock.Condvar)
			notified, all := make(chan bool), meet(3)
			thread.Go(func() {
				outer.Lock()
				c2.NotifyOne()
				all()
				c.WaitTimeout(m.Lock(), time.Hour)
			})
			thread.Go(func() { c.NotifyOne(); close(notified); all(); c2.WaitTimeout(m2.Lock(), time.Hour) })
			thread.Go(func() { <-notified; c.NotifyOne(); all(); outer.Lock() })
		}},
	// And what is no deadlock, as far as anybody knows.
	{name: "workers that notify each other and look again after a while", waits: 3, run: func() {
		m, c, all := lock.NewMutex(0), new(lock.Condvar), meet(3)
		for range 2 {
			thread.Go(func() { c.NotifyAll(); all(); c.WaitTimeout(m.Lock(), time.Hour) })
		}
		thread.Go(func() { all(); c.Wait(m.Lock()) }) // behind them
	}},
	{name: "a lock that somebody holds who sleeps", waits: 1, run: func() {
		m, both := lock.NewMutex(0), meet(2)
		thread.Go(func() { m.Lock(); both(); select {} })
		thread.Go(func() { both(); m.Lock() })
	}},
	{name: "a Condvar that nobody has notified yet", waits: 1, run: func() {
		m, c := lock.NewMutex(0), new(lock.Condvar)
		thread.Go(func() { g := m.Lock(); c.Wait(g) })
	}},
	{name: "a Condvar with a notifier that goes on", waits: 2, run: func() {
		outer, m, c := lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar)
		all := meet(3)
		thread.Go(func() { c.NotifyAll(); all(); select {} })
		thread.Go(func() { outer.Lock(); all(); c.Wait(m.Lock()) })
		thread.Go(func() { c.NotifyAll(); all(); outer.Lock() })
	}},
}

func TestDeadlocks(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			fresh(t)
			p.run()
			r := afterWaits(p.waits)
			if p.cycle == 0 {
				if len(r.Deadlocks) != 0 {
					t.Errorf("%v", r.Deadlocks)
				}
				return
			}
			for len(r.Deadlocks) == 0 { // the last hold may come after the last wait
				runtime.Gosched()
				r = lockdebug.Snapshot()
			}
			if len(r.Deadlocks) != 1 {
				t.Fatalf("%v", r.Deadlocks)
			}
			d := r.Deadlocks[0]
			if len(d.Cycle) != p.cycle || d.Certain != p.certain || d.Limited != p.limited || d.Behind != p.behind {
				t.Errorf("%+v", d)
			}
			for _, says := range p.says {
				if !strings.Contains(d.String(), says) {
					t.Errorf("%q is not in\n%s", says, d)
				}
			}
		})
	}
}

func TestOff(t *testing.T) {
	lockdebug.Disable()
	m := lock.NewMutex(0)
	g := m.Lock()
	if r := lockdebug.Snapshot(); !r.Since.IsZero() || len(r.Locks) != 0 {
		t.Errorf("%+v", r)
	}
	g.Unlock()
	var text strings.Builder
	if err := lockdebug.Snapshot().WriteText(&text); err != nil || !strings.Contains(text.String(), "off") {
		t.Error(err, text.String())
	}
}

// Locks that are taken before, while and after the watch is on are as any other,
// and nothing is left of what was given back.
func TestOnAndOff(t *testing.T) {
	fresh(t)
	lockdebug.Disable()
	m, l := lock.NewMutex(0), lock.NewRWLock(0)
	before, reading := m.Lock(), l.Read()
	lockdebug.Enable()
	if _, err := m.TryLock(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Error(err)
	}
	before.Unlock()
	reading.Unlock()
	second := l.Read()
	mine := m.Lock()
	if r := lockdebug.Snapshot(); len(r.Locks) != 2 || r.Locks[0].Holders[0].Goroutine != uint64(thread.Current().ID()) ||
		!strings.Contains(r.Locks[0].Holders[0].At, "lockdebug_test.go:") {
		t.Errorf("%+v", r.Locks)
	}
	second.Unlock()
	mine.Unlock()
	u := l.UpgradableRead()
	w := u.Upgrade()
	if r := lockdebug.Snapshot(); len(r.Locks) != 1 || len(r.Locks[0].Holders) != 1 || r.Locks[0].Holders[0].As != "writer" {
		t.Errorf("%+v", r.Locks)
	}
	d := w.Downgrade()
	if r := lockdebug.Snapshot(); len(r.Locks) != 1 || r.Locks[0].Holders[0].As != "reader" {
		t.Errorf("%+v", r.Locks)
	}
	d.Unlock()
	m.With(func(*int) {})
	l.WithRead(func(int) {})
	l.WithWrite(func(*int) {})
	fmt.Fprint(new(strings.Builder), m, l)
	lock.Map(m.Lock(), func(v *int) *int { return v }).Unlock()
	lock.MapRead(l.Read(), func(v *int) *int { return v }).Unlock()
	if g, err := m.LockTimeout(time.Second); err == nil {
		g.Unlock()
	}
	if r := lockdebug.Snapshot(); len(r.Locks) != 0 || len(r.Waits) != 0 {
		t.Errorf("%+v", r)
	}
	on := m.Lock()
	lockdebug.Disable()
	on.Unlock()
	for range 2 {
		m.Lock().Unlock()
		l.Write().Unlock()
		l.Read().Unlock()
	}
	if _, err := m.IntoInner(); err != nil {
		t.Error(err)
	}
}

// While many threads lock in order, and wait for each other with everything
// there is, nobody is ever in a deadlock, and nothing is lost.
func TestNoFalseAlarms(t *testing.T) {
	fresh(t)
	a, b, l, c := lock.NewMutex(0), lock.NewMutex(0), lock.NewRWLock(0), new(lock.Condvar)
	end := make(chan struct{})
	alarms := thread.Go(func() {
		for {
			for _, d := range lockdebug.Snapshot().Deadlocks {
				t.Error(d)
			}
			select {
			case <-end:
				return
			default:
				runtime.Gosched()
			}
		}
	})
	const threads, rounds = 6, 200
	thread.Scope(func(s *thread.ScopeHandle) {
		for i := range threads {
			s.Go(func() {
				for range rounds {
					a.With(func(v *int) {
						*v++
						b.With(func(v *int) { *v++ })
					})
					if i%2 == 0 {
						l.WithWrite(func(v *int) { *v++ })
					} else {
						l.WithRead(func(int) {})
						u := l.UpgradableRead()
						u.WithUpgraded(func(v *int) { *v++ })
						u.Unlock()
					}
					h := thread.Go(func() { b.With(func(v *int) { *v++ }) })
					_, _ = h.Join()
					g := b.Lock()
					c.WaitTimeout(g, time.Microsecond)
					g.Unlock()
					c.NotifyAll()
				}
			})
		}
	})
	close(end)
	_, _ = alarms.Join()
	lockdebug.Disable()
	av, _ := a.IntoInner()
	bv, _ := b.IntoInner()
	lv, _ := l.IntoInner()
	if av != threads*rounds || bv != 2*threads*rounds || lv != threads*rounds {
		t.Error(av, bv, lv)
	}
}

func TestWatch(t *testing.T) {
	fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	programs[0].run()
	afterWaits(2)
	found := 0
	rounds := 0
	err := lockdebug.Watch(ctx, time.Millisecond, func(d lockdebug.Deadlock) {
		if found++; found == 1 {
			programs[2].run() // and another
		}
		if found == 2 {
			time.AfterFunc(20*time.Millisecond, cancel) // time to be told twice of either
		}
		rounds += len(d.Cycle)
	})
	if !errors.Is(err, context.Canceled) || found != 2 || rounds != 3 {
		t.Error(err, found, rounds)
	}
}

func TestHandler(t *testing.T) {
	fresh(t)
	programs[1].run()
	afterWaits(5)
	h := lockdebug.Handler()
	get := func(target, accept string) (*http.Response, string) {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", target, nil)
		r.Header.Set("Accept", accept)
		h.ServeHTTP(w, r)
		return w.Result(), w.Body.String()
	}
	for _, target := range []string{"/debug/fearless?format=json", "/debug/fearless"} {
		_, body := get(target, "application/json")
		var r lockdebug.Report
		if err := json.Unmarshal([]byte(body), &r); err != nil || len(r.Waits) != 5 || len(r.Deadlocks) != 1 || len(r.Locks) != 3 {
			t.Error(err, body)
		}
	}
	for target, kind := range map[string]string{"/": "text/html", "/?format=text": "text/plain", "/?format=html": "text/html"} {
		r, body := get(target, "*/*")
		if !strings.HasPrefix(r.Header.Get("Content-Type"), kind) || !strings.Contains(body, "deadlock of 3 goroutines, and 2 more") || !strings.Contains(body, "lockdebug_test.go:") {
			t.Error(r.Header, body)
		}
	}
	if r, body := get("/?format=xml", ""); r.StatusCode != http.StatusBadRequest || !strings.Contains(body, "xml") {
		t.Error(r.Status, body)
	}
}

func ExampleSnapshot() {
	lockdebug.Enable()
	defer lockdebug.Disable()
	m := lock.NewMutex(0)
	m.With(func(*int) {
		for _, l := range lockdebug.Snapshot().Locks {
			fmt.Println(strings.Fields(l.Name)[0], l.Holders[0].As, l.Waiters)
		}
	})
	// Output: Mutex alone 0
}

// off and on in one run: what an uncontended lock and its unlock cost.
func BenchmarkLock(b *testing.B) {
	m, l := lock.NewMutex(0), lock.NewRWLock(0)
	for _, on := range []bool{false, true} {
		name := map[bool]string{false: "off", true: "on"}[on]
		if on {
			lockdebug.Enable()
			defer lockdebug.Disable()
		}
		b.Run("Mutex/"+name, func(b *testing.B) {
			for b.Loop() {
				m.Lock().Unlock()
			}
		})
		b.Run("Read/"+name, func(b *testing.B) {
			for b.Loop() {
				l.Read().Unlock()
			}
		})
	}
}
