// Package lock has Rust's locks: they hold the data that they protect, give it
// out through guards, and remember when a panic may have left it half changed.
//
//	counter := lock.NewMutex(0)
//	thread.Scope(func(s *thread.ScopeHandle) {
//		for range 10 {
//			s.Go(func() {
//				counter.With(func(n *int) { *n += 1 })
//			})
//		}
//	})
//	n, err := counter.IntoInner() // 10, nil
//
// With sync.Mutex, which data a lock belongs to is a comment. Here there is no
// way to the data but through the lock: [Mutex.With] for the length of a
// function, or a [Guard] for as long as you need it:
//
//	g := counter.Lock()
//	defer g.Unlock()
//	*g.Ptr() += 1
//
// # Which one
//
//   - [Mutex] if you want one thread at a time: the usual choice.
//   - [RWLock] if many read for long and few write.
//   - [Condvar] if a thread must wait until data under a Mutex has changed.
//   - [Once], [OnceLock] and [LazyLock] if something is to be made once.
//   - [Barrier] if n threads must have come to a point before any goes on.
//
// A guard of a part of the data comes from [Map] and [MapRead]; a Mutex that a panic
// does not poison from [Mutex.Unpoisoned].
//
// # Four shapes
//
// To lock, to upgrade, and to wait for a Once, a OnceLock or a Barrier comes in four
// shapes: X waits for as long as it takes; TryX returns [ErrWouldBlock] instead
// of waiting; XTimeout waits for at most a duration, and returns [ErrTimeout];
// XContext until a context is done, and returns its error. A Condvar's wait has
// all but the second. What runs a function of the caller, as With, Do, GetOrInit
// and a LazyLock's Get do, waits for as long as it takes.
//
// Duration and context bound the waiting: what can be had at once is had, even
// with a duration of 0 or less. When the time runs out just as the lock, a
// notification or the end of an initialization arrives, it has arrived:
// nothing is lost.
//
// # Poisoning
//
// A panic under a lock leaves data that may be half changed. Unlocking as if
// nothing had happened hides that; not unlocking hangs everyone else. So the
// lock is unlocked and poisoned. Lock panics for a poisoned lock with a
// [*PoisonError]; LockResult returns that together with the guard, for who can
// mend the data and call ClearPoison. Poisoning is a hint that the data need
// checking and no proof: a panic is noticed by With and by an Unlock that is
// deferred directly, and not where a guard is never unlocked at all.
//
// # Printing
//
// Packages fmt and log/slog print a pointer to a lock as Rust's Debug does:
// Mutex{data: 3}, or Mutex{<locked>} where somebody holds it, for printing does not
// wait. encoding/json locks. A struct that holds a lock as a field is another
// matter: fmt reads its fields by reflection, the data of the lock among them,
// and nothing in the lock can prevent that. Print the fields one by one, or give
// the struct a String method.
//
// # Small
//
// A lock is a word or two beside the data. What waiting needs is made when a thread
// first has to wait, or to run an initialization. In bytes, with pointers of 64 bits:
//
//	                beside the data   and then
//	Mutex[T]              16          24
//	RWLock[T]             16          48
//	OnceLock[T], Once      8          48, until it is complete
//	Condvar                8          48
//	Barrier               16          32
//
// A Mutex of 8 bytes, as that of package sync, would have its queue in a table of all
// locks. The goroutine leak profile takes what a table knows for what can go
// on, and of what it does not know it would say that it has leaked, though the lock can
// still be reached. What sync.Mutex does, to wait in the runtime's queue, has no
// place for a waiter that gives up.
//
// # In production
//
// The runtime sees waits here as it sees those of package sync. Contention of a
// Mutex or an RWLock is in the mutex profile, at the Unlock that was waited for, and
// in /sync/mutex/wait/total of runtime/metrics; every wait is in the block
// profile, at the call that waited; SetMutexProfileFraction and SetBlockProfileRate
// say how often. A traceback says what is waited for, in the runtime's words:
// sync.Mutex.Lock, sync.RWMutex.RLock (Read), sync.RWMutex.Lock (Write, UpgradableRead,
// Upgrade), sync.WaitGroup.Wait (Join, Scope), and sync.Cond.Wait for the others.
// The goroutine leak profile finds threads that wait for each other, and
// waits that nobody can end.
//
// Limits: when the block profile is turned on while the process runs, and the
// mutex profile is not, it can miss the first hundred waits or so before it takes
// them all. With -race and on a release of Go that package park does not know,
// everything waits as a sync.Cond does: there is no mutex profile then. A
// goroutine that this library did not start is never found to leak in a Park.
//
// Package lockdebug, below this one, shows in a running process who holds and
// who waits, and finds deadlocks.
//
// # In a testing/synctest bubble
//
// All waiting here blocks durably: fake time passes while goroutines of a bubble
// wait for a lock or a notification, and a bubble whose goroutines wait for
// each other is reported as a deadlock.
//
// Sources: chapters 1 and 4 of "Rust Atomics and Locks"; the documentation of
// Rust's std::sync; Go's sync.Mutex for when to spin and when to hand over.
package lock
