package lock

import (
	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/nilpanic"
	"github.com/fearless-go/fearless/internal/word"
)

// A WriteGuard is an RWLock that is locked for writing: it reaches the data, and
// unlocks. What Guard says of copies and of use after Unlock holds here too.
type WriteGuard[T any] struct {
	handle checked.Handle
	l      *RWLock[T]
}

// Get returns the data.
func (g WriteGuard[T]) Get() T {
	g.use("Get")
	g.l.at.Read()
	return g.l.value
}

// Set replaces the data by v.
func (g WriteGuard[T]) Set(v T) {
	g.use("Set")
	g.l.at.Write()
	g.l.value = v
}

// Ptr returns a pointer to the data. It must not be used after Unlock.
func (g WriteGuard[T]) Ptr() *T {
	g.use("Ptr")
	g.l.at.Write()
	return &g.l.value
}

// Unlock unlocks the RWLock and ends the guard.
//
// Deferred directly, as in "defer g.Unlock()", it sees a panic of the
// function, poisons the RWLock, and lets the panic go on with its stack. From
// inside another deferred function it cannot see the panic.
func (g WriteGuard[T]) Unlock() {
	// recover works only here, in the function that is deferred itself.
	if value := recover(); value != nil || nilpanic.Enabled && nilpanic.Ended() {
		g.end("Unlock")
		g.l.raw.poison()
		g.l.raw.leave(rwWriter)
		panic(value)
	}
	g.end("Unlock")
	if old := g.l.raw.state.FetchAdd(^rwWriter+1, word.Release); old != rwWriter && !g.l.raw.left(old, rwWriter) {
		panic(&GuardError{"WriteGuard", "Unlock"})
	}
}

// Downgrade ends the guard and turns it into a reader, with no writer in between.
func (g WriteGuard[T]) Downgrade() ReadGuard[T] {
	g.end("Downgrade")
	g.l.raw.exchange(rwWriter, rwReader)
	return ReadGuard[T]{checked.NewHandle(), g.l, &g.l.raw.state}
}

// DowngradeUpgradable ends the guard and turns it into the upgradable reader, with no
// writer in between. It is parking_lot's downgrade_to_upgradable.
func (g WriteGuard[T]) DowngradeUpgradable() UpgradableGuard[T] {
	g.end("DowngradeUpgradable")
	g.l.raw.exchange(rwWriter, rwUpgradable)
	return UpgradableGuard[T]{checked.NewHandle(), g.l}
}

func (g WriteGuard[T]) use(op string) {
	if !g.handle.Live() {
		panic(&GuardError{"WriteGuard", op})
	}
}

func (g WriteGuard[T]) end(op string) {
	if !g.handle.End() {
		panic(&GuardError{"WriteGuard", op})
	}
}
