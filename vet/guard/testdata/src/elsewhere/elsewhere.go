// Package elsewhere has locks that other functions release than those that
// took them, which is no excuse for who fails with the lock held.
package elsewhere

import (
	"errors"
	"fmt"
	"sync"
)

var errNegative = errors.New("negative")

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) lock()   { a.mu.Lock() }
func (a *account) unlock() { a.mu.Unlock() }

func (a *account) withdraw(n int) error {
	a.mu.Lock()
	if n > a.balance {
		return errors.New("not enough") // want `a.mu is still locked when the function returns here`
	}
	a.balance -= n
	a.mu.Unlock()
	return nil
}

func (a *account) deposit(n int) (int, error) {
	a.lock()
	switch {
	case n < 0:
		return 0, errNegative // want `a.mu is still locked when the function returns here`
	case n == 0:
		return 0, fmt.Errorf("deposit of %d", n) // want `a.mu is still locked when the function returns here`
	}
	a.balance += n
	a.unlock()
	return a.balance, nil
}

func (a *account) change(by func(int) (int, error)) error {
	a.mu.Lock()
	balance, err := by(a.balance)
	if err != nil {
		return err // want `a.mu is still locked when the function returns here`
	}
	a.balance = balance
	a.mu.Unlock()
	return nil
}

func (a *account) reset(n int) {
	a.mu.Lock()
	if n < 0 {
		return // want `a.mu is still locked when the function returns here`
	}
	a.balance = n
	a.mu.Unlock()
}

// begin locks for its caller if it succeeds.
func (a *account) begin(n int) error {
	a.mu.Lock()
	if n > a.balance {
		a.mu.Unlock()
		return errNegative
	}
	return nil
}

// check passes on whether it locked for its caller.
func (a *account) check(by func(int) error) error {
	a.mu.Lock()
	err := by(a.balance)
	if err != nil {
		a.mu.Unlock()
	}
	return err
}

// peek says by its result whether the caller has the lock.
func (a *account) peek() *int {
	a.mu.Lock()
	if a.balance == 0 {
		a.mu.Unlock()
		return nil
	}
	return &a.balance
}

// all unlocks in the body of a loop over a function before it returns.
func (a *account) all(seq func(func(int) bool)) {
	a.mu.Lock()
	for n := range seq {
		if n < 0 {
			a.mu.Unlock()
			return
		}
		a.balance += n
	}
	a.mu.Unlock()
}

func (a *account) end() { a.mu.Unlock() }
