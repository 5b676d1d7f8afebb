// Package wrong copies and overwrites locks.
package wrong

import (
	"slices"
	"sync"
)

type account struct {
	mu      sync.Mutex
	balance int
}

type bank struct {
	name string
	main account
}

func appended(accounts []account) []account {
	return append([]account(nil), accounts...) // want "append copies elements of type account, and with them the lock mu"
}

func copied(to, from []bank) {
	copy(to, from) // want "copy copies elements of type bank, and with them the lock main"
}

func cloned(accounts []account) []account {
	return slices.Clone(accounts) // want "slices.Clone copies elements of type account"
}

func sends(c chan account, a *account) {
	c <- *a // want "this send copies a value of type account, and with it the lock mu: send a pointer"
}

func (a *account) reset() {
	a.mu.Lock()
	*a = account{} // want "this overwrites the lock a.mu, which is held here and unlocked at wrong.go:38"
	a.mu.Unlock()
}

func (a *account) resetDeferred() {
	a.mu.Lock()
	defer a.mu.Unlock()
	*a = account{balance: 1} // want "this overwrites the lock a.mu"
}
