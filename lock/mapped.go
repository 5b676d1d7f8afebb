package lock

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/nilpanic"
)

// A MappedGuard is a Guard or WriteGuard that reaches a part of the data only,
// such as one field, and unlocks the whole: see [Map]. What Guard says of copies
// and of use after Unlock holds here too.
//
// It is Rust's MappedMutexGuard and MappedRwLockWriteGuard.
type MappedGuard[U any] struct {
	handle checked.Handle
	whole  exclusive
	part   *U
}

// exclusive is the lock that one thread holds alone, whatever its data.
type exclusive struct {
	mutex *rawMutex  // nil if it is an RWLock
	rw    *rawRWLock // nil if it is a Mutex
	at    *access.Location
}

func (e exclusive) poison() {
	if e.mutex != nil {
		e.mutex.poison()
		return
	}
	e.rw.poison()
}

// unlock reports whether the lock was held.
func (e exclusive) unlock() bool {
	if e.mutex != nil {
		return e.mutex.unlock()
	}
	return e.rw.leave(rwWriter)
}

// An ExclusiveGuard is a Guard, a WriteGuard or a MappedGuard whose data is a T.
type ExclusiveGuard[T any] interface {
	alone(op string) (exclusive, *T)
	end(op string)
}

// Map ends g and turns it into a guard of the part of the data to which f
// returns a pointer. The part stays locked in between. If f panics or calls
// runtime.Goexit, the lock is poisoned and unlocked.
//
// f must return a pointer into what it was given: a pointer to anything else is
// not protected by the lock. It must not return nil; for that there is FilterMap.
//
// It is Rust's MutexGuard::map, RwLockWriteGuard::map and the map of what these return.
func Map[T, U any, G ExclusiveGuard[T]](g G, f func(v *T) *U) MappedGuard[U] {
	m, ok := mapped(g, "Map", f)
	if !ok {
		whole, _ := g.alone("Map")
		g.end("Map")
		whole.unlock()
		panic(&MapError{"Map"})
	}
	return m
}

// FilterMap is Map for a part that may not be there. If f returns nil, it
// reports false, and g stays valid.
func FilterMap[T, U any, G ExclusiveGuard[T]](g G, f func(v *T) *U) (m MappedGuard[U], ok bool) {
	return mapped(g, "FilterMap", f)
}

func mapped[T, U any, G ExclusiveGuard[T]](g G, op string, f func(v *T) *U) (m MappedGuard[U], ok bool) {
	whole, v := g.alone(op)
	returned := false
	defer func() {
		if !returned {
			g.end(op)
			whole.poison()
			whole.unlock()
		}
	}()
	part := f(v)
	returned = true
	if part == nil {
		return m, false
	}
	g.end(op)
	return MappedGuard[U]{checked.NewHandle(), whole, part}, true
}

// A MapError is the value of the panic of Map and MapRead with a function that
// returned nil. The lock is unlocked.
type MapError struct {
	Op string // "Map" or "MapRead"
}

// Error says how to mend it.
func (e *MapError) Error() string {
	return "lock: the function of " + e.Op + " returned nil: use Filter" + e.Op + " for a part that may not be there"
}

// Get returns the part.
func (g MappedGuard[U]) Get() U {
	g.use("Get")
	g.whole.at.Read()
	return *g.part
}

// Set replaces the part by v.
func (g MappedGuard[U]) Set(v U) {
	g.use("Set")
	g.whole.at.Write()
	*g.part = v
}

// Ptr returns a pointer to the part. It must not be used after Unlock.
func (g MappedGuard[U]) Ptr() *U {
	g.use("Ptr")
	g.whole.at.Write()
	return g.part
}

// Unlock unlocks the lock and ends the guard.
//
// Deferred directly, as in "defer g.Unlock()", it sees a panic of the
// function, poisons the lock, and lets the panic go on with its stack. From
// inside another deferred function it cannot see the panic.
func (g MappedGuard[U]) Unlock() {
	// recover works only here, in the function that is deferred itself.
	value := recover()
	panicked := value != nil || nilpanic.Enabled && nilpanic.Ended()
	g.use("Unlock")
	g.end("Unlock")
	if panicked {
		g.whole.poison()
	}
	held := g.whole.unlock()
	switch {
	case panicked:
		panic(value)
	case !held:
		panic(&GuardError{"MappedGuard", "Unlock"})
	}
}

func (g MappedGuard[U]) use(op string) {
	if g.part == nil || !g.handle.Live() {
		panic(&GuardError{"MappedGuard", op})
	}
}

func (g MappedGuard[U]) end(op string) {
	if !g.handle.End() {
		panic(&GuardError{"MappedGuard", op})
	}
}

func (g MappedGuard[U]) alone(op string) (exclusive, *U) {
	g.use(op)
	g.whole.at.Write()
	return g.whole, g.part
}

func (g Guard[T]) alone(op string) (exclusive, *T) {
	g.use(op)
	g.m.at.Write()
	return exclusive{mutex: &g.m.raw, at: &g.m.at}, &g.m.value
}

func (g WriteGuard[T]) alone(op string) (exclusive, *T) {
	g.use(op)
	g.l.at.Write()
	return exclusive{rw: &g.l.raw, at: &g.l.at}, &g.l.value
}
