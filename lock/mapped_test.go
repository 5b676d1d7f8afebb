package lock_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

type account struct {
	name  string
	cents int
	tags  []string
}

func cents(a *account) *int { return &a.cents }

// firstTag is nil if there is none.
func firstTag(a *account) *string {
	if len(a.tags) == 0 {
		return nil
	}
	return &a.tags[0]
}

// exclusives are locks with a way to map their guard to cents, directly and in two steps.
var exclusives = []struct {
	name     string
	begin    func() (lockable interface{ IsPoisoned() bool }, mapped func(func(*account) *int) lock.MappedGuard[int], free func() error)
	poisoned bool
}{
	{name: "Mutex", begin: func() (interface{ IsPoisoned() bool }, func(func(*account) *int) lock.MappedGuard[int], func() error) {
		m := lock.NewMutex(account{cents: 5})
		return m, func(f func(*account) *int) lock.MappedGuard[int] { return lock.Map(m.Lock(), f) }, func() error {
			g, err := m.TryLock()
			if err == nil {
				g.Unlock()
			}
			return err
		}
	}},
	{name: "RWLock", begin: func() (interface{ IsPoisoned() bool }, func(func(*account) *int) lock.MappedGuard[int], func() error) {
		l := lock.NewRWLock(account{cents: 5})
		return l, func(f func(*account) *int) lock.MappedGuard[int] { return lock.Map(l.Write(), f) }, func() error {
			g, err := l.TryWrite()
			if err == nil {
				g.Unlock()
			}
			return err
		}
	}},
	{name: "twice", begin: func() (interface{ IsPoisoned() bool }, func(func(*account) *int) lock.MappedGuard[int], func() error) {
		m := lock.NewMutex([1]account{{cents: 5}})
		return m, func(f func(*account) *int) lock.MappedGuard[int] {
				return lock.Map(lock.Map(m.Lock(), func(a *[1]account) *account { return &a[0] }), f)
			}, func() error {
				g, err := m.TryLock()
				if err == nil {
					g.Unlock()
				}
				return err
			}
	}},
}

func TestMap(t *testing.T) {
	for _, c := range exclusives {
		t.Run(c.name, func(t *testing.T) {
			l, mapped, free := c.begin()
			g := mapped(cents)
			if g.Get() != 5 || !errors.Is(free(), lock.ErrWouldBlock) {
				t.Error("a mapped guard does not hold the lock")
			}
			g.Set(6)
			*g.Ptr()++
			if got := fmt.Sprint(g); got != "7" {
				t.Error(got)
			}
			g.Unlock()
			if free() != nil || l.IsPoisoned() {
				t.Error("Unlock left it locked or poisoned")
			}
			value := recovered(func() {
				g := mapped(cents)
				defer g.Unlock()
				panic("half way")
			})
			var poison *lock.PoisonError
			if value != "half way" || !errors.As(free(), &poison) {
				t.Errorf("after a panic: %v, %v", value, free())
			}
		})
	}
}

func TestMapWhoseFunctionPanics(t *testing.T) {
	for _, c := range exclusives {
		t.Run(c.name, func(t *testing.T) {
			l, mapped, free := c.begin()
			if value := recovered(func() { mapped(func(*account) *int { panic("no part") }) }); value != "no part" {
				t.Error(value)
			}
			if !l.IsPoisoned() || errors.Is(free(), lock.ErrWouldBlock) {
				t.Error("it is not poisoned, or still locked")
			}
			l, mapped, free = c.begin()
			_, err := thread.Go(func() { mapped(func(*account) *int { runtime.Goexit(); return nil }) }).Join()
			if !errors.Is(err, thread.ErrGoexit) || !l.IsPoisoned() || errors.Is(free(), lock.ErrWouldBlock) {
				t.Error("Goexit:", err)
			}
			l, mapped, free = c.begin()
			e := panicsWith[*lock.MapError](t, func() { mapped(func(*account) *int { return nil }) })
			if l.IsPoisoned() || free() != nil {
				t.Error(e, "left it locked or poisoned")
			}
		})
	}
}

func TestFilterMap(t *testing.T) {
	m := lock.NewMutex(account{})
	g := m.Lock()
	if _, ok := lock.FilterMap(g, firstTag); ok {
		t.Fatal("a tag where there is none")
	}
	g.Ptr().tags = []string{"a"} // g is still valid
	tag, ok := lock.FilterMap(g, firstTag)
	if !ok || tag.Get() != "a" {
		t.Fatal(tag, ok)
	}
	tag.Unlock()

	l := lock.NewRWLock(account{name: "x", cents: 3})
	r := l.Read()
	if _, ok := lock.FilterMapRead(r, firstTag); ok {
		t.Fatal("a tag where there is none")
	}
	other := l.Read()
	n := lock.MapRead(r, cents)
	if n.Get() != 3 || *n.Ptr() != 3 || fmt.Sprint(n) != "3" {
		t.Error(n)
	}
	whole := lock.MapRead(n, func(v *int) *int { return v })
	other.Unlock()
	if _, err := l.TryWrite(); !errors.Is(err, lock.ErrWouldBlock) {
		t.Error("a mapped read guard does not hold the lock")
	}
	whole.Unlock()
	w, err := l.TryWrite()
	if err != nil {
		t.Fatal(err)
	}
	w.Unlock()
}

func TestMapReadWhoseFunctionPanics(t *testing.T) {
	l := lock.NewRWLock(account{})
	recovered(func() { lock.MapRead(l.Read(), func(*account) *int { panic("no part") }) })
	panicsWith[*lock.MapError](t, func() { lock.MapRead(l.Read(), firstTag) })
	if g, err := l.TryWrite(); err != nil {
		t.Error(err)
	} else {
		g.Unlock()
	}
}

// Of a zero guard, and of one that was unlocked, there is nothing to be had.
func TestMappedGuardAfterUnlock(t *testing.T) {
	panicsWith[*lock.GuardError](t, func() { lock.MappedGuard[int]{}.Get() })
	panicsWith[*lock.GuardError](t, func() { lock.MappedGuard[int]{}.Unlock() })
	panicsWith[*lock.GuardError](t, func() { lock.MappedReadGuard[int]{}.Get() })
	m, l := lock.NewMutex(account{}), lock.NewRWLock(account{})
	g := lock.Map(m.Lock(), cents)
	g.Unlock()
	if e := panicsWith[*lock.GuardError](t, g.Unlock); e.Type != "MappedGuard" || e.Op != "Unlock" {
		t.Error(e)
	}
	w := lock.Map(l.Write(), cents)
	w.Unlock()
	panicsWith[*lock.GuardError](t, w.Unlock)
	r := lock.MapRead(l.Read(), cents)
	r.Unlock()
	panicsWith[*lock.GuardError](t, r.Unlock)
	l.WithWrite(func(*account) {}) // and nothing is left of it all
}

// Threads that change one field through mapped guards lose nothing.
func TestMappedGuardsExclude(t *testing.T) {
	m := lock.NewMutex(account{})
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 4 {
			s.Go(func() {
				for range 1000 {
					g := lock.Map(m.Lock(), cents)
					*g.Ptr()++
					g.Unlock()
				}
			})
		}
	})
	if a, err := m.IntoInner(); a.cents != 4000 || err != nil {
		t.Error(a, err)
	}
}
