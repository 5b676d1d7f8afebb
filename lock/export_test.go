package lock

import (
	"time"

	"github.com/fearless-go/fearless/internal/park"
)

// Bias makes the lock biased towards readers, as a crowd of readers would, and
// reports whether it is.
func (l *RWLock[T]) Bias() bool {
	for range crowdedAfter() << crowdedDoublings {
		l.raw.crowded()
	}
	return l.raw.state.Load(0)&rwBiased != 0
}

// InSlot reports whether the guard's reader took a slot.
func (g ReadGuard[T]) InSlot() bool { return g.held != &g.l.raw.state }

// LoseRace is what a reader does that lost a race against another.
func (l *RWLock[T]) LoseRace() { l.raw.crowded() }

// Forget counts n readers whose guards were forgotten.
func (l *RWLock[T]) Forget(n uint32) { l.raw.state.FetchAdd(n*rwReader, 0) }

// RoomForReaders is how many readers an RWLock counts.
const RoomForReaders = rwFull / rwReader

// QueueToWrite is WriteTimeout of who has tried already.
func (l *RWLock[T]) QueueToWrite(d time.Duration) error {
	return l.raw.wait(wantWrite, park.Timeout(d))
}
