package lock

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/word"
)

// A MappedReadGuard is a ReadGuard that reaches a part of the data only: see
// [MapRead]. What Guard says of copies and of use after Unlock holds here too.
//
// It is Rust's MappedRwLockReadGuard.
type MappedReadGuard[U any] struct {
	handle checked.Handle
	whole  shared
	part   *U
}

// shared is a lock that the thread reads, whatever its data.
type shared struct {
	rw   *rawRWLock
	held *word.Uint32
	at   *access.Location
}

// A SharedGuard is a ReadGuard or a MappedReadGuard whose data is a T.
type SharedGuard[T any] interface {
	beside(op string) (checked.Handle, shared, *T)
}

// MapRead ends g and turns it into a guard of the part of the data to which f
// returns a pointer. The part stays locked in between. If f panics or calls
// runtime.Goexit, the reading ends.
//
// f must return a pointer into what it was given, must not write through it, and
// must not return nil; for that there is FilterMapRead.
//
// It is Rust's RwLockReadGuard::map and MappedRwLockReadGuard::map.
func MapRead[T, U any, G SharedGuard[T]](g G, f func(v *T) *U) MappedReadGuard[U] {
	m, ok := mappedRead(g, "MapRead", f)
	if !ok {
		handle, whole, _ := g.beside("MapRead")
		whole.end(handle)
		panic(&MapError{"MapRead"})
	}
	return m
}

// FilterMapRead is MapRead for a part that may not be there. If f returns nil,
// it reports false, and g stays valid.
func FilterMapRead[T, U any, G SharedGuard[T]](g G, f func(v *T) *U) (m MappedReadGuard[U], ok bool) {
	return mappedRead(g, "FilterMapRead", f)
}

func mappedRead[T, U any, G SharedGuard[T]](g G, op string, f func(v *T) *U) (m MappedReadGuard[U], ok bool) {
	handle, whole, v := g.beside(op)
	returned := false
	defer func() {
		if !returned {
			whole.end(handle)
		}
	}()
	part := f(v)
	returned = true
	if part == nil {
		return m, false
	}
	if !handle.End() {
		panic(&GuardError{"ReadGuard", op})
	}
	return MappedReadGuard[U]{checked.NewHandle(), whole, part}, true
}

// end ends the reading of the guard with that handle.
func (s shared) end(h checked.Handle) {
	if checked.Build || !s.held.Leave(rwLeave) {
		s.rw.endRead(h, s.held)
	}
}

// Get returns the part.
func (g MappedReadGuard[U]) Get() U { return *g.use("Get") }

// Ptr returns a pointer to the part, to read it. It must not be written through,
// nor used after Unlock.
func (g MappedReadGuard[U]) Ptr() *U { return g.use("Ptr") }

// Unlock ends the reading and the guard. A reader's panic does not poison.
func (g MappedReadGuard[U]) Unlock() {
	g.use("Unlock")
	g.whole.end(g.handle)
}

func (g MappedReadGuard[U]) use(op string) *U {
	if g.part == nil || !g.handle.Live() {
		panic(&GuardError{"MappedReadGuard", op})
	}
	g.whole.at.Read()
	return g.part
}

func (g MappedReadGuard[U]) beside(op string) (checked.Handle, shared, *U) {
	return g.handle, g.whole, g.use(op)
}

func (g ReadGuard[T]) beside(op string) (checked.Handle, shared, *T) {
	g.use(op)
	return g.handle, shared{&g.l.raw, g.held, &g.l.at}, &g.l.value
}
