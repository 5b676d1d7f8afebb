// Package silent copies no lock that is in use.
package silent

import (
	"slices"
	"sync"
)

type account struct {
	mu      sync.Mutex
	balance int
}

type shared struct{ mu *sync.Mutex }

func pointers(accounts []*account) []*account {
	return append(slices.Clone(accounts), accounts...)
}

func byPointer(all []shared) []shared {
	return append([]shared(nil), all...)
}

func grows(accounts []account) []account {
	return append(accounts, account{balance: 1})
}

func sends(c chan account, p chan *account, a *account) {
	c <- account{balance: 2}
	p <- a
}

// Nobody holds the lock of what goes back to a pool.
func (a *account) reset() {
	*a = account{}
}

func (a *account) replaced(b *account) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*a = account{balance: b.balance}
}

func (a *account) parts() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance = 0
}
