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
	"slices"
	"strings"
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
func afterWaits(n int) lockdebug.Report { return afterWaitsOn("", n) }

// afterWaitsOn returns the snapshot in which n goroutines wait, all of them on what the
// name says. A program must not be left before it is at rest: a wait that began after
// the next fresh would be counted there.
func afterWaitsOn(name string, n int) lockdebug.Report {
	elsewhere := func(w lockdebug.Wait) bool { return !strings.HasPrefix(w.On, name) }
	for {
		if r := lockdebug.Snapshot(); len(r.Waits) == n && !slices.ContainsFunc(r.Waits, elsewhere) {
			return r
		}
		runtime.Gosched()
	}
}

func TestDeadlocks(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			fresh(t)
			p.run()
			r := afterWaitsOn(p.on, p.waits)
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
		if !strings.HasPrefix(r.Header.Get("Content-Type"), kind) || !strings.Contains(body, "deadlock of 3 goroutines, and 2 more") || !strings.Contains(body, "programs_test.go:") {
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
