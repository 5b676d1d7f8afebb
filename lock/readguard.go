package lock

import "github.com/fearless-go/fearless/internal/checked"

// A ReadGuard is an RWLock that is locked for reading: it reaches the data, and
// unlocks. What Guard says of copies and of use after Unlock holds here too.
type ReadGuard[T any] struct {
	handle checked.Handle
	l      *RWLock[T]
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
	if !g.handle.End() || !g.l.raw.leave(rwReader) {
		panic(&GuardError{"ReadGuard", "Unlock"})
	}
}

func (g ReadGuard[T]) use(op string) {
	if !g.handle.Live() {
		panic(&GuardError{"ReadGuard", op})
	}
	g.l.at.Read()
}
