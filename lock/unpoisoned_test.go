package lock_test

import (
	"errors"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func TestUnpoisoned(t *testing.T) {
	m := lock.NewMutex(1).Unpoisoned()
	l := lock.NewRWLock(1, lock.WriterPreferring).Unpoisoned()
	for name, panics := range map[string]func(){
		"Mutex.With":        func() { m.With(func(*int) { panic("x") }) },
		"Guard":             func() { g := m.Lock(); defer g.Unlock(); panic("x") },
		"MappedGuard":       func() { g := lock.Map(m.Lock(), func(v *int) *int { return v }); defer g.Unlock(); panic("x") },
		"RWLock.WithWrite":  func() { l.WithWrite(func(*int) { panic("x") }) },
		"WriteGuard":        func() { g := l.Write(); defer g.Unlock(); panic("x") },
		"WithUpgraded":      func() { g := l.UpgradableRead(); defer g.Unlock(); g.WithUpgraded(func(*int) { panic("x") }) },
		"Map of WriteGuard": func() { lock.Map(l.Write(), func(*int) *int { panic("x") }) },
	} {
		if value := recovered(panics); value != "x" {
			t.Errorf("%s: %v", name, value)
		}
		if m.IsPoisoned() || l.IsPoisoned() {
			t.Errorf("%s poisoned", name)
		}
		m.Lock().Unlock() // and neither is locked
		l.Write().Unlock()
	}
	if v, err := m.IntoInner(); v != 1 || err != nil {
		t.Error(v, err)
	}
	recovered(func() { new(lock.Mutex[int]).Unpoisoned().With(func(*int) { panic("x") }) }) // the zero one can be, too
}

func TestUnpoisonedEndsPoison(t *testing.T) {
	m := lock.NewMutex(0)
	recovered(func() { m.With(func(*int) { panic("x") }) })
	m.Unpoisoned().Lock().Unlock()
}

// It is a Mutex as any other: with a crowd, a Condvar and limits.
func TestUnpoisonedExcludes(t *testing.T) {
	m, c := lock.NewMutex(0).Unpoisoned(), new(lock.Condvar)
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 8 {
			s.Go(func() {
				for range 1000 {
					recovered(func() {
						g := m.Lock()
						defer g.Unlock()
						*g.Ptr()++
						panic("every time")
					})
				}
				c.NotifyAll()
			})
		}
		g := m.Lock()
		c.WaitWhile(g, func() bool { return g.Get() < 8000 })
		g.Unlock()
	})
	g := m.Lock()
	if _, err := m.LockTimeout(time.Millisecond); !errors.Is(err, lock.ErrTimeout) {
		t.Error(err)
	}
	if _, err := m.TryLock(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Error(err)
	}
	if g.Get() != 8000 {
		t.Error(g)
	}
	g.Unlock()
	panicsWith[*lock.GuardError](t, g.Unlock)
}

func BenchmarkUnpoisoned(b *testing.B) {
	for name, m := range map[string]*lock.Mutex[int]{"Mutex": lock.NewMutex(0), "Unpoisoned": lock.NewMutex(0).Unpoisoned()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				m.Lock().Unlock()
			}
		})
	}
}
