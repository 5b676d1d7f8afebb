// Package bank wraps its lock, for others.
package bank

import "sync"

type Bank struct {
	mu  sync.Mutex
	Log sync.Mutex
	sum int
}

func (b *Bank) Lock()   { b.mu.Lock() }
func (b *Bank) Unlock() { b.mu.Unlock() }

func (b *Bank) Sum() int {
	b.Lock()
	defer b.Unlock()
	return b.sum
}

func (b *Bank) Report() {
	b.Lock()
	defer b.Unlock()
	b.Log.Lock()
	defer b.Log.Unlock()
}
