package lock

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/word"
)

// An UpgradableGuard is an RWLock that is locked for reading by the one reader
// that can become the writer. What Guard says of copies and of use after Unlock
// holds here too.
type UpgradableGuard[T any] struct {
	handle checked.Handle
	l      *RWLock[T]
}

// Get returns the data.
func (g UpgradableGuard[T]) Get() T {
	g.use("Get")
	g.l.at.Read()
	return g.l.value
}

// Ptr returns a pointer to the data, to read it. It must not be written
// through, nor used after Unlock.
func (g UpgradableGuard[T]) Ptr() *T {
	g.use("Ptr")
	g.l.at.Read()
	return &g.l.value
}

// Unlock ends the reading and the guard. A reader's panic does not poison.
func (g UpgradableGuard[T]) Unlock() {
	if !g.handle.End() || !g.l.raw.leave(rwUpgradable) {
		panic(&GuardError{"UpgradableGuard", "Unlock"})
	}
}

// Upgrade waits until all other readers have ended, ends the guard and returns
// one for writing, with no writer in between.
func (g UpgradableGuard[T]) Upgrade() WriteGuard[T] {
	w, _ := g.upgrade("Upgrade", park.Limit{}) // without a limit it cannot fail
	return w
}

// TryUpgrade is Upgrade if it need not wait. Otherwise the error is
// ErrWouldBlock and g stays valid.
func (g UpgradableGuard[T]) TryUpgrade() (WriteGuard[T], error) {
	g.use("TryUpgrade")
	return g.upgraded(g.l.raw.tryResult(wantUpgrade))
}

// UpgradeTimeout is Upgrade that waits for at most d. Then the error is
// ErrTimeout and g stays valid.
func (g UpgradableGuard[T]) UpgradeTimeout(d time.Duration) (WriteGuard[T], error) {
	return g.upgrade("UpgradeTimeout", park.Timeout(d))
}

// UpgradeContext is Upgrade that waits until ctx is done. Then the error is
// ctx.Err() and g stays valid.
func (g UpgradableGuard[T]) UpgradeContext(ctx context.Context) (WriteGuard[T], error) {
	return g.upgrade("UpgradeContext", park.Context(ctx))
}

// WithUpgraded waits until all other readers have ended, calls f with a pointer
// to the data while it writes, and goes back to reading, with no writer in
// between. g stays valid all the time, so it works together with a deferred
// Unlock. If f panics or calls runtime.Goexit, the RWLock is poisoned and read
// again. f must not keep the pointer. It is parking_lot's with_upgraded.
func (g UpgradableGuard[T]) WithUpgraded(f func(v *T)) {
	_ = g.withUpgraded("WithUpgraded", park.Limit{}, f) // without a limit it cannot fail
}

// TryWithUpgraded is WithUpgraded if it need not wait. Otherwise the error is
// ErrWouldBlock, and f was not called.
func (g UpgradableGuard[T]) TryWithUpgraded(f func(v *T)) error {
	g.use("TryWithUpgraded")
	return g.writeWith(g.l.raw.tryResult(wantUpgrade), f)
}

// WithUpgradedTimeout is WithUpgraded that waits for at most d. Then the error
// is ErrTimeout, and f was not called.
func (g UpgradableGuard[T]) WithUpgradedTimeout(d time.Duration, f func(v *T)) error {
	return g.withUpgraded("WithUpgradedTimeout", park.Timeout(d), f)
}

// WithUpgradedContext is WithUpgraded that waits until ctx is done. Then the
// error is ctx.Err(), and f was not called.
func (g UpgradableGuard[T]) WithUpgradedContext(ctx context.Context, f func(v *T)) error {
	return g.withUpgraded("WithUpgradedContext", park.Context(ctx), f)
}

func (g UpgradableGuard[T]) withUpgraded(op string, limit park.Limit, f func(v *T)) error {
	g.use(op)
	return g.writeWith(g.l.raw.lock(wantUpgrade, limit), f)
}

// writeWith calls f as the writer that g has become, unless that failed with err.
func (g UpgradableGuard[T]) writeWith(err error, f func(v *T)) error {
	if err != nil {
		return err
	}
	returned := false
	defer func() {
		if !returned {
			g.l.raw.poison()
		}
		g.l.raw.exchange(rwWriter, rwUpgradable)
	}()
	g.l.at.Write()
	f(&g.l.value)
	g.l.at.Write()
	returned = true
	return nil
}

// Downgrade ends the guard and turns it into a plain reader, which lets
// another upgradable reader in.
func (g UpgradableGuard[T]) Downgrade() ReadGuard[T] {
	g.use("Downgrade")
	// Only one thread at a time can be here, so it is counted above rwFull by one at most.
	checkReaders(wantRead, g.l.raw.state.Load(word.Relaxed))
	if !g.handle.End() {
		panic(&GuardError{"UpgradableGuard", "Downgrade"})
	}
	g.l.raw.exchange(rwUpgradable, rwReader)
	return ReadGuard[T]{checked.NewHandle(), g.l, &g.l.raw.state}
}

func (g UpgradableGuard[T]) upgrade(op string, limit park.Limit) (WriteGuard[T], error) {
	g.use(op)
	return g.upgraded(g.l.raw.lock(wantUpgrade, limit))
}

// upgraded makes the guard, unless waiting failed with err.
func (g UpgradableGuard[T]) upgraded(err error) (WriteGuard[T], error) {
	if err != nil {
		return WriteGuard[T]{}, err
	}
	g.handle.End()
	return WriteGuard[T]{checked.NewHandle(), g.l}, nil
}

func (g UpgradableGuard[T]) use(op string) {
	if !g.handle.Live() {
		panic(&GuardError{"UpgradableGuard", op})
	}
}
