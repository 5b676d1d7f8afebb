package lock

import (
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/nilpanic"
	"github.com/fearless-go/fearless/internal/word"
)

// A Guard is a locked Mutex: it reaches the data, and unlocks. It is a small
// value that may be passed on; all copies are one guard, and the first Unlock
// ends them all.
//
// A guard that is used after its Unlock is a bug: the data belongs to somebody
// else then. With -race and the tags fearless_debug and fearless_model every
// method panics for it, with a [*GuardError]. In the default build the check
// would cost more than the lock, so there only an Unlock of a Mutex that
// nobody has locked, or a wait at a Condvar with its guard, panics. The zero
// Guard is of no Mutex, and its methods panic, in the default build with a nil
// dereference.
type Guard[T any] struct {
	handle checked.Handle
	m      *Mutex[T]
}

// Get returns the data.
func (g Guard[T]) Get() T {
	g.use("Get")
	g.m.at.Read()
	return g.m.value
}

// Set replaces the data by v.
func (g Guard[T]) Set(v T) {
	g.use("Set")
	g.m.at.Write()
	g.m.value = v
}

// Ptr returns a pointer to the data. It must not be used after Unlock.
func (g Guard[T]) Ptr() *T {
	g.use("Ptr")
	g.m.at.Write()
	return &g.m.value
}

// Unlock unlocks the Mutex and ends the guard.
//
// Deferred directly, as in "defer g.Unlock()", it sees a panic of the
// function, poisons the Mutex, and lets the panic go on with its stack. From
// inside another deferred function it cannot see the panic.
func (g Guard[T]) Unlock() {
	// recover works only here, in the function that is deferred itself.
	if value := recover(); value != nil || nilpanic.Enabled && nilpanic.Ended() {
		g.end("Unlock")
		g.m.raw.poison()
		g.m.raw.unlock()
		panic(value)
	}
	g.end("Unlock")
	if old := g.m.raw.state.FetchAdd(^mutexLocked+1, word.Release); old != mutexLocked && !g.m.raw.unlockSlow(old) {
		panic(&GuardError{"Guard", "Unlock"})
	}
}

func (g Guard[T]) use(op string) {
	if !g.handle.Live() {
		panic(&GuardError{"Guard", op})
	}
}

func (g Guard[T]) end(op string) {
	if !g.handle.End() {
		panic(&GuardError{"Guard", op})
	}
}

// mutex makes a Guard a MutexGuard.
func (g Guard[T]) mutex() *rawMutex {
	g.use("Wait")
	return &g.m.raw
}
