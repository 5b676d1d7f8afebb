package lock

import (
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/word"
)

// A ReadGuard is an RWLock that is locked for reading: it reaches the data, and
// unlocks. What Guard says of copies and of use after Unlock holds here too.
type ReadGuard[T any] struct {
	handle checked.Handle
	l      *RWLock[T]
	held   *word.Uint32 // a slot or the lock's state: the reader leaves by subtracting rwReader
}

// Get returns the data.
func (g ReadGuard[T]) Get() T {
	g.use("Get")
	return g.l.value
}

// Ptr returns a pointer to the data, to read it. It must not be written
// through, nor used after Unlock.
func (g ReadGuard[T]) Ptr() *T {
	g.use("Ptr")
	return &g.l.value
}

// Unlock ends the reading and the guard. A reader's panic does not poison.
func (g ReadGuard[T]) Unlock() {
	// The usual case is written so that it is just small enough for the inliner.
	if checked.Build || !g.held.Leave(rwLeave) {
		g.l.raw.endRead(g.handle, g.held)
	}
}

func (g ReadGuard[T]) use(op string) {
	if !g.handle.Live() {
		panic(&GuardError{"ReadGuard", op})
	}
	g.l.at.Read()
}
