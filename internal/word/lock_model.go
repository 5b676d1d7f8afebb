//go:build fearless_model

package word

import "github.com/fearless-go/fearless/internal/engine"

// Lock is the word of a lock.
type Lock struct{ number[uint32] }

// LockIsEvent reports whether the caller is a modelled thread to which a lock
// is one event: then the lock is to use Enter and TryEnter, and no other way in.
func LockIsEvent() bool {
	t := engine.Current()
	return t != nil && t.Locks() == engine.EveryLock
}

// SpinLockIsEvent is LockIsEvent for the locks around the queues of locks.
func SpinLockIsEvent() bool {
	t := engine.Current()
	return t != nil && t.Locks() != engine.NoLock
}

// Take replaces 0 by 1 and reports whether it did. Where a lock is one event
// it leaves that to Enter.
func (w *Lock) Take() bool { return !LockIsEvent() && w.number.Take() }

// TakeSpin is Take for the locks around the queues of locks.
func (w *Lock) TakeSpin() bool { return !SpinLockIsEvent() && w.number.Take() }

// Enter waits until no bit of busy is set, adds delta, and returns what the
// value was.
func Enter(w *Lock, busy, delta uint32) (old uint32) {
	return uint32(w.thread().Enter(&w.tag, w.cell.Load(), uint64(busy), uint64(delta), engine.Acquire))
}

// TryEnter is Enter if that is possible at once, or before over says that the
// wait ends. When it fails it synchronizes nothing, and may have seen an old value.
func TryEnter(w *Lock, busy, delta uint32, over func() bool) bool {
	return w.thread().TryEnter(&w.tag, w.cell.Load(), uint64(busy), uint64(delta), engine.Acquire, over)
}
