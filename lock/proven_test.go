package lock_test

import (
	"sync"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// Tests whose names end in Proven are small enough that fearless prove runs
// them under every schedule that differs: schedtest/PROVE.md lists them.

func TestMutexProven(t *testing.T) {
	m := lock.NewMutex(0)
	done := make(chan bool)
	go func() {
		m.With(func(v *int) { *v++ })
		done <- true
	}()
	m.With(func(v *int) { *v++ })
	<-done
	if v, err := m.IntoInner(); v != 2 || err != nil {
		t.Error(v, err)
	}
}

func TestMutexTryLockProven(t *testing.T) {
	m := lock.NewMutex(0)
	done := make(chan bool)
	go func() {
		m.With(func(v *int) { *v++ })
		done <- true
	}()
	want := 1
	if g, err := m.TryLock(); err == nil {
		g.Set(g.Get() + 1)
		g.Unlock()
		want++
	}
	<-done
	if v, _ := m.IntoInner(); v != want {
		t.Error(v, want)
	}
}

func TestMutexLockTimeoutProven(t *testing.T) {
	m := lock.NewMutex(0)
	done := make(chan bool)
	go func() {
		m.With(func(v *int) { *v++ })
		done <- true
	}()
	want := 1
	if g, err := m.LockTimeout(time.Second); err == nil {
		g.Set(g.Get() + 1)
		g.Unlock()
		want++
	}
	<-done
	if v, _ := m.IntoInner(); v != want {
		t.Error(v, want)
	}
}

func TestMutexPoisonsProven(t *testing.T) {
	m := lock.NewMutex(0)
	done := make(chan bool)
	go func() {
		defer func() { done <- recover() != nil }()
		m.With(func(*int) { panic("half way") })
	}()
	g, _ := m.LockResult()
	g.Unlock()
	if panicked := <-done; !panicked || !m.IsPoisoned() {
		t.Error(panicked, m.IsPoisoned())
	}
}

func TestCondvarProven(t *testing.T) {
	m := lock.NewMutex(false)
	var c lock.Condvar
	done := make(chan bool)
	go func() {
		m.With(func(v *bool) { *v = true })
		c.NotifyOne()
		done <- true
	}()
	g := m.Lock()
	c.WaitWhile(g, func() bool { return !g.Get() })
	g.Unlock()
	<-done
}

func TestRWLockProven(t *testing.T) {
	l := lock.NewRWLock(0)
	done := make(chan bool)
	go func() {
		l.WithWrite(func(v *int) { *v++ })
		done <- true
	}()
	l.WithRead(func(v int) {
		if v != 0 && v != 1 {
			t.Error(v)
		}
	})
	<-done
	l.WithRead(func(v int) {
		if v != 1 {
			t.Error(v)
		}
	})
}

// The test's own goroutine waits, here and below, and does not call what asks for the
// thread that it runs in: of such a goroutine that is known by a weak pointer, which
// cannot be proven.
func TestOnceProven(t *testing.T) {
	var o lock.Once
	n := 0
	h := thread.Go(func() { o.Do(func() { n++ }) })
	o.Wait()
	if n != 1 {
		t.Error(n)
	}
	if _, err := h.Join(); err != nil {
		t.Error(err)
	}
}

// Goroutines that package thread has not started are no Threads for it.
func TestOnceOfGoroutinesProven(t *testing.T) {
	var o lock.Once
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		wg.Go(func() { o.Do(func() { n++ }) })
	}
	wg.Wait()
	if n != 1 {
		t.Error(n)
	}
}

func TestOnceOfTwoProven(t *testing.T) {
	var o lock.Once
	n := 0
	look := func() {
		o.Do(func() { n++ })
		if n != 1 {
			t.Error(n)
		}
	}
	first := thread.Go(func() {
		second := thread.Go(look)
		look()
		if _, err := second.Join(); err != nil {
			t.Error(err)
		}
	})
	if _, err := first.Join(); err != nil {
		t.Error(err)
	}
}

func TestOnceLockProven(t *testing.T) {
	var o lock.OnceLock[int]
	h := thread.Spawn(func() bool { return o.Set(1) })
	if v := o.Wait(); v != 1 {
		t.Error(v)
	}
	if set, err := h.Join(); !set || err != nil {
		t.Error(set, err)
	}
}

func TestLazyLockProven(t *testing.T) {
	runs := 0
	l := lock.NewLazyLock(func() int { runs++; return 7 })
	h := thread.Spawn(l.Get)
	if v, ok := l.TryGet(); ok && v != 7 {
		t.Error(v)
	}
	if v, err := h.Join(); v != 7 || err != nil || runs != 1 {
		t.Error(v, err, runs)
	}
}

func TestBarrierProven(t *testing.T) {
	b := lock.NewBarrier(2)
	done := make(chan bool)
	go func() { done <- b.Wait() }()
	if mine, theirs := b.Wait(), <-done; mine == theirs {
		t.Error(mine, theirs)
	}
}
