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
	slot   *readerSlot // that the reader took, or nil if it is counted
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
	if checked.Build || g.slot != nil || (g.l.raw.state.FetchAdd(^(rwReader-1), word.Release)-rwReader)&(rwQueued|rwNegative) != 0 {
		g.l.raw.endRead(g.handle, g.slot)
	}
}

func (g ReadGuard[T]) use(op string) {
	if !g.handle.Live() {
		panic(&GuardError{"ReadGuard", op})
	}
	g.l.at.Read()
}
