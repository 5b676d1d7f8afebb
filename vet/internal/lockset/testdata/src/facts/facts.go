// Package facts wraps locks in functions, whose facts tell what they do. // want package:"1 lock orders"
package facts

import (
	"sync"
	"time"

	"github.com/fearless-go/fearless/lock"
)

type Table struct {
	mu    sync.Mutex
	other sync.RWMutex
	value lock.Mutex[int]
	cond  *sync.Cond
	full  bool
}

func (t *Table) Lock() { // want Lock:"locks facts.Table.mu, returns locked facts.Table.mu"
	t.mu.Lock()
}

func (t *Table) Unlock() { // want Unlock:"unlocks facts.Table.mu"
	t.mu.Unlock()
}

func (t *Table) Size() int { // want Size:"locks facts.Table.mu"
	t.Lock()
	defer t.Unlock()
	return 0
}

func (t *Table) LockUnlessFull() bool { // want LockUnlessFull:"locks facts.Table.mu, may return locked facts.Table.mu"
	t.mu.Lock()
	if t.full {
		t.mu.Unlock()
		return false
	}
	return true
}

func (t *Table) Both() { // want Both:"locks facts.Table.mu, locks facts.Table.other"
	t.mu.Lock()
	defer t.mu.Unlock()
	t.other.RLock()
	defer t.other.RUnlock()
}

func (t *Table) Value() lock.Guard[int] { // want Value:"locks facts.Table.value, returns locked facts.Table.value"
	return t.value.Lock()
}

// Relock gives the lock back for a while.
func (t *Table) Relock() { // want Relock:"locks facts.Table.mu"
	t.mu.Unlock()
	t.mu.Lock()
}

func Pause() { // want Pause:"waits for a sleep"
	time.Sleep(time.Second)
}

func Maybe(wait bool) {
	if wait {
		time.Sleep(time.Second)
	}
}

func Nothing() {}
