package lock_test

import (
	"context"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// What the goroutine leak profile is to find: threads that wait for each other,
// whoever joins them, and waits that nobody can end.
func leakJoined() {
	a, b, both := lock.NewMutex(1), lock.NewRWLock(2), lock.NewBarrier(2)
	x := thread.Go(func() { g := a.Lock(); both.Wait(); b.Write().Unlock(); g.Unlock() })
	y := thread.Go(func() { g := b.Read(); both.Wait(); a.Lock().Unlock(); g.Unlock() })
	x.Join()
	y.Join()
	a.Lock().Unlock() // it has the locks until then
	b.Write().Unlock()
}

func leakScoped() {
	a, b, both := lock.NewMutex(1), lock.NewMutex(2), lock.NewBarrier(2)
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { g := a.Lock(); both.Wait(); b.Lock().Unlock(); g.Unlock() })
		s.Go(func() { g := b.Lock(); both.Wait(); a.Lock().Unlock(); g.Unlock() })
	})
	a.Lock().Unlock()
}

func leakCondvar() { g := lock.NewMutex(1).Lock(); defer g.Unlock(); new(lock.Condvar).Wait(g) }
func leakBarrier() { lock.NewBarrier(2).Wait() }
func leakOnce()    { new(lock.Once).Wait() }

// What it is not to find: a wait with a limit, and one that somebody can end.
func waitsForTime() { _ = new(lock.Once).WaitTimeout(time.Hour) }
func waitsForContext() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	_ = new(lock.Once).WaitContext(ctx)
}
func waitsForGlobal() { globalOnce.Wait() }

var globalOnce lock.Once

func TestGoroutineLeakProfile(t *testing.T) {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		t.Skip("this Go finds no leaks: it is a GOEXPERIMENT in Go 1.26, and there from Go 1.27 on")
	}
	leaks := []string{"leakJoined", "leakJoined.func1", "leakJoined.func2", "leakScoped", "leakScoped.func1.1",
		"leakScoped.func1.2", "leakCondvar", "leakBarrier", "leakOnce"}
	for _, f := range []func(){leakJoined, leakScoped, leakCondvar, leakBarrier, leakOnce, waitsForTime, waitsForContext, waitsForGlobal} {
		thread.Go(f)
	}
	defer globalOnce.Do(func() {})
	for { // until all of them wait; what is not found is told by the test's time limit
		var text strings.Builder
		if err := profile.WriteTo(&text, 1); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), "lock_test.waits") {
			t.Fatalf("a wait that can end has leaked:\n%s", text.String())
		}
		missing := ""
		for _, leak := range leaks {
			if !strings.Contains(text.String(), "lock_test."+leak+"+") {
				missing += leak + " "
			}
		}
		if missing == "" {
			return
		}
		t.Log("not found yet:", missing)
		time.Sleep(10 * time.Millisecond)
	}
}
