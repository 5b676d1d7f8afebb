package lock_test

import (
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/lock"
)

// timed is every call here that takes a duration, on something that cannot be had
// until free is called. The call reports how it ended.
var timed = []struct {
	name  string
	begin func() (call func(time.Duration) error, free func())
}{
	{"Mutex.LockTimeout", func() (func(time.Duration) error, func()) {
		m := lock.NewMutex(0)
		held := m.Lock()
		return func(d time.Duration) error {
			g, err := m.LockTimeout(d)
			if err == nil {
				g.Unlock()
			}
			return err
		}, held.Unlock
	}},
	{"RWLock.ReadTimeout", func() (func(time.Duration) error, func()) {
		l := lock.NewRWLock(0)
		held := l.Write()
		return func(d time.Duration) error {
			g, err := l.ReadTimeout(d)
			if err == nil {
				g.Unlock()
			}
			return err
		}, held.Unlock
	}},
	{"RWLock.WriteTimeout", func() (func(time.Duration) error, func()) {
		l := lock.NewRWLock(0)
		held := l.Read()
		return func(d time.Duration) error {
			g, err := l.WriteTimeout(d)
			if err == nil {
				g.Unlock()
			}
			return err
		}, held.Unlock
	}},
	{"RWLock.UpgradableReadTimeout", func() (func(time.Duration) error, func()) {
		l := lock.NewRWLock(0)
		held := l.UpgradableRead()
		return func(d time.Duration) error {
			g, err := l.UpgradableReadTimeout(d)
			if err == nil {
				g.Unlock()
			}
			return err
		}, held.Unlock
	}},
	{"UpgradableGuard.UpgradeTimeout", func() (func(time.Duration) error, func()) {
		l := lock.NewRWLock(0)
		held := l.Read()
		u := l.UpgradableRead()
		return func(d time.Duration) error {
			g, err := u.UpgradeTimeout(d)
			if err == nil {
				g.Unlock()
			} else {
				u.Unlock()
			}
			return err
		}, held.Unlock
	}},
	{"UpgradableGuard.WithUpgradedTimeout", func() (func(time.Duration) error, func()) {
		l := lock.NewRWLock(0)
		held := l.Read()
		u := l.UpgradableRead()
		return func(d time.Duration) error {
			defer u.Unlock()
			return u.WithUpgradedTimeout(d, func(*int) {})
		}, held.Unlock
	}},
	{"RWLock.ReadRecursiveTimeout", func() (func(time.Duration) error, func()) {
		l := lock.NewRWLock(0)
		held := l.Write()
		return func(d time.Duration) error {
			g, err := l.ReadRecursiveTimeout(d)
			if err == nil {
				g.Unlock()
			}
			return err
		}, held.Unlock
	}},
	{"Once.WaitForceTimeout", func() (func(time.Duration) error, func()) {
		o := new(lock.Once)
		return o.WaitForceTimeout, func() { o.Do(func() {}) }
	}},
	{"Condvar.WaitTimeout", func() (func(time.Duration) error, func()) {
		m, c := lock.NewMutex(0), new(lock.Condvar)
		return func(d time.Duration) error {
			g := m.Lock()
			defer g.Unlock()
			if c.WaitTimeout(g, d) {
				return lock.ErrTimeout
			}
			return nil
		}, func() { c.NotifyAll() }
	}},
	{"Condvar.WaitTimeoutWhile", func() (func(time.Duration) error, func()) {
		m, c := lock.NewMutex(true), new(lock.Condvar)
		return func(d time.Duration) error {
				g := m.Lock()
				defer g.Unlock()
				if c.WaitTimeoutWhile(g, d, g.Get) {
					return lock.ErrTimeout
				}
				return nil
			}, func() {
				c.NotifyAll() // in vain: it goes on waiting for what is left of d
				synctest.Wait()
				m.With(func(v *bool) { *v = false })
				c.NotifyAll()
			}
	}},
	{"Once.WaitTimeout", func() (func(time.Duration) error, func()) {
		o := new(lock.Once)
		return o.WaitTimeout, func() { o.Do(func() {}) }
	}},
	{"OnceLock.WaitTimeout", func() (func(time.Duration) error, func()) {
		l := new(lock.OnceLock[int])
		return func(d time.Duration) error {
			_, err := l.WaitTimeout(d)
			return err
		}, func() { l.Set(1) }
	}},
	{"Barrier.WaitTimeout", func() (func(time.Duration) error, func()) {
		b := lock.NewBarrier(2)
		return func(d time.Duration) error {
			_, err := b.WaitTimeout(d)
			return err
		}, func() { _, _ = b.WaitTimeout(math.MinInt64) }
	}},
}

func TestDurations(t *testing.T) {
	for _, c := range timed {
		t.Run(c.name, func(t *testing.T) {
			for _, d := range []time.Duration{math.MinInt64, math.MinInt64 + 1, -time.Hour, -1, 0, 1, time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					call, free := c.begin()
					start := time.Now()
					if err := call(d); !errors.Is(err, lock.ErrTimeout) {
						t.Errorf("%v: %v", d, err)
					}
					if waited := time.Since(start); waited != max(d, 0) {
						t.Errorf("%v: it waited for %v", d, waited)
					}
					free()
				})
			}
			for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, 2 * time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					call, free := c.begin()
					done := started(func() {
						if err := call(d); err != nil {
							t.Errorf("%v: %v", d, err)
						}
					})
					time.Sleep(time.Hour)
					select {
					case <-done:
						t.Errorf("%v: it did not wait", d)
					default:
					}
					free()
					<-done
				})
			}
		})
	}
}
