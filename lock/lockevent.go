package lock

import (
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/word"
)

// In a user's model a Mutex is one event for its lock and one for its unlock,
// without a queue: whoever waits may be next, and of a state there are
// mutexLocked and mutexPoisoned only. The conformance suite in package model
// compares that with the code that ships.

// lockEvent returns nil with the lock held, or l's error without it.
func (m *rawMutex) lockEvent(l park.Limit) error {
	if !l.Bounded() {
		word.Enter(&m.state, mutexLocked, mutexLocked)
		return nil
	}
	if word.TryEnter(&m.state, mutexLocked, mutexLocked, l.Over()) {
		return nil
	}
	return l.Err()
}

// lockEventUnpoisoned panics if the lock is poisoned, and otherwise has it.
func (m *rawMutex) lockEventUnpoisoned() {
	if word.Enter(&m.state, mutexLocked, mutexLocked)&mutexPoisoned != 0 {
		m.unlock()
		panic(&PoisonError{"Mutex"})
	}
}
