// Package guards uses the guards of package lock, and the borrows of package
// cell, wrongly and rightly.
package guards

import (
	"errors"
	"time"

	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
)

type account struct {
	balance lock.Mutex[int]
	owner   *lock.RWLock[string]
}

func (a *account) dropped() {
	a.balance.Lock() // want `the guard of a.balance is dropped here: Go does not release it, so a.balance stays locked forever`
}

func (a *account) temporary() int {
	return a.balance.Lock().Get() // want `the guard of a.balance is never given to Unlock: a.balance stays locked when the function returns`
}

func (a *account) withdraw(n int) error {
	g := a.balance.Lock()
	if g.Get() < n {
		return errors.New("not enough") // want `a.balance is still locked when the function returns here: it was locked at guards.go:27, and other paths release it`
	}
	g.Set(g.Get() - n)
	g.Unlock()
	return nil
}

func (a *account) twice() {
	g := a.balance.Lock()
	g.Set(0)
	g.Unlock()
	g.Unlock() // want `a.balance is unlocked here for the second time: it was unlocked at guards.go:39`
}

func (a *account) again() {
	g := a.balance.Lock()
	defer g.Unlock()
	a.balance.With(func(v *int) { *v = 0 }) // want `a.balance is locked here while this goroutine holds it since guards.go:44: it waits for itself forever`
}

func (a *account) readers() string {
	r := a.owner.Read()
	defer r.Unlock()
	s := a.owner.Read() // want `a.owner is read-locked here while this goroutine holds it since guards.go:50: when a writer waits in between, neither ever goes on`
	defer s.Unlock()
	return r.Get() + s.Get()
}

// Unlock in a deferred closure cannot see the panic.
func (a *account) update(f func(int) int) {
	g := a.balance.Lock()
	defer func() {
		g.Unlock() // want `this guard is unlocked inside the closure deferred at guards.go:60, where Unlock cannot see a panic: the mutex is not poisoned; defer Unlock itself`
	}()
	g.Set(f(g.Get()))
}

// Without defer, a panic of f leaves the mutex locked.
func (a *account) apply(f func(int) int) {
	g := a.balance.Lock()
	g.Set(f(g.Get())) // want `a.balance is locked since guards.go:68 and stays so if this call panics: nothing unlocks or poisons it; use defer, or With`
	g.Unlock()
}

func borrows(c *cell.RefCell[int]) {
	r := c.Borrow()
	w := c.BorrowMut() // want `c is borrowed mutably here while this goroutine holds it since guards.go:74: this panics`
	w.Release()
	r.Release()
}

// What follows is right.

func (a *account) deposit(n int) {
	g := a.balance.Lock()
	defer g.Unlock()
	g.Set(g.Get() + n)
}

// locked returns the guard to its caller.
func (a *account) locked() lock.Guard[int] {
	return a.balance.Lock()
}

func (a *account) read() int {
	g := a.locked()
	defer g.Unlock()
	return g.Get()
}

func (a *account) try() bool {
	g, err := a.balance.TryLock()
	if err != nil {
		return false
	}
	defer g.Unlock()
	g.Set(0)
	return true
}

func (a *account) timeout() error {
	g, err := a.balance.LockTimeout(time.Second)
	if err != nil {
		return err
	}
	g.Set(1)
	g.Unlock()
	return nil
}

func (a *account) rename(s string) string {
	w := a.owner.Write()
	w.Set(s)
	r := w.Downgrade()
	defer r.Unlock()
	return r.Get()
}

func (a *account) handOver(to chan<- lock.Guard[int]) {
	to <- a.balance.Lock()
}

func wait(m *lock.Mutex[[]int], c *lock.Condvar) int {
	g := m.Lock()
	defer g.Unlock()
	for len(g.Get()) == 0 {
		c.Wait(g)
	}
	return g.Get()[0]
}

func with(m *lock.Mutex[int], f func()) {
	m.With(func(v *int) {
		f()
		*v++
	})
}

func shared(c *cell.RefCell[int]) int {
	a, b := c.Borrow(), c.Borrow()
	defer a.Release()
	defer b.Release()
	return a.Get() + b.Get()
}
