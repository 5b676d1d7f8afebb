// Package gate locks for its callers.
package gate

import (
	"sync"

	"github.com/fearless-go/fearless/lock"
)

// A Gate is entered by one at a time.
type Gate struct {
	mu    sync.Mutex
	count lock.Mutex[int]
}

// Enter locks the gate.
func (g *Gate) Enter() { g.mu.Lock() }

// Leave unlocks it.
func (g *Gate) Leave() { g.mu.Unlock() }

// Count locks and lends the count.
func (g *Gate) Count() lock.Guard[int] { return g.count.Lock() }
