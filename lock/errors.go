package lock

import (
	"errors"
	"fmt"

	"github.com/fearless-go/fearless/internal/park"
)

var (
	// ErrWouldBlock is the error of a Try call that could only succeed by waiting.
	ErrWouldBlock = errors.New("lock: would block: it is held by another thread")

	// ErrTimeout is the error of a wait whose time ran out. Its Timeout
	// method reports true.
	ErrTimeout = park.ErrTimeout
)

// A PoisonError says that a thread panicked, or called runtime.Goexit, while
// it was changing what the lock protects, so that the data may be half changed.
type PoisonError struct {
	Type string // "Mutex", "RWLock", "Once" or "LazyLock"
}

// Error says how to go on.
func (e *PoisonError) Error() string {
	mend := "mend the data through LockResult and call ClearPoison"
	switch e.Type {
	case "RWLock":
		mend = "mend the data through WriteResult and call ClearPoison"
	case "Once":
		mend = "run it again with DoForce"
	case "LazyLock":
		mend = "its value can never be had"
	}
	return fmt.Sprintf("lock: the %s is poisoned, because a thread panicked in it: %s", e.Type, mend)
}

// A GuardError is the value of the panic when a guard is used after its
// Unlock, or a lock is unlocked that is not locked.
type GuardError struct {
	Type string // "Guard", "ReadGuard", "WriteGuard" or "UpgradableGuard"
	Op   string // the method that was called
}

// Error says which rule was broken.
func (e *GuardError) Error() string {
	return fmt.Sprintf("lock: %s.%s after the guard was unlocked: lock again for a new guard", e.Type, e.Op)
}

// An InUseError is the value of the panic of a method that needs the lock for
// itself, without locking it, while somebody holds it.
type InUseError struct {
	Op string // "Mutex.GetMut", "RWLock.IntoInner", ...
}

// Error says how to mend it.
func (e *InUseError) Error() string {
	return fmt.Sprintf("lock: %s while the lock is held: lock it instead, or make sure that nobody else uses it any more", e.Op)
}

// A ReentrantError is the value of the panic of an initialization that needs
// its own result. Without it the thread would wait for itself.
type ReentrantError struct {
	Type string // "Once", "OnceLock" or "LazyLock"
}

// Error says which rule was broken.
func (e *ReentrantError) Error() string {
	return fmt.Sprintf("lock: the function that initializes a %s uses that %s itself: it would wait for its own end", e.Type, e.Type)
}
