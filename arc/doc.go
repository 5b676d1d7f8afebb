// Package arc shares a value between threads that do not know which of them
// will need it last, and ends the value when that one is done.
//
// Go's garbage collector frees memory by itself, but nothing else: a file, a
// connection, a lock or memory of C has to be closed by somebody, exactly
// once, after its last use. With one owner that is a defer. With several it
// needs a count, and that is an [Arc], Rust's "atomically reference counted"
// pointer:
//
//	db := arc.New(open("orders.db")) // a *DB with a Close method
//
//	for _, order := range orders {
//		db := db.Clone() // a new owner for the new thread
//		thread.Go(func() {
//			defer db.Drop()
//			(*db.Ptr()).Insert(order)
//		})
//	}
//	db.Drop() // this owner needs it no longer; the last to Drop closes it
//
// # Owners
//
// New makes the first owner, Clone another. Each owner calls Drop exactly
// once; the last Drop runs the value's Drop or Close method at once, on its
// thread. Use after Drop panics with a [*UseAfterDropError]; an owner that
// never drops is what [SetLeakHook] reports.
//
// Ptr and Get are for reading, because everybody has the same value. To change
// it, put a lock.Mutex or an atomic in it, or use GetMut, which says whether
// this owner is alone, or MakeMut, which makes it so by cloning the value. An
// only owner gets the value back out with TryUnwrap or IntoInner.
//
// A [Weak] does not keep the value alive. It breaks the cycles in which
// everything would wait for everything else to be dropped first; NewCyclic
// makes a value that refers to itself.
//
// # What it synchronizes
//
// In the terminology of the Go memory model, everything that an owner does
// before its Drop synchronizes before the value's Drop or Close, before a
// GetMut, TryUnwrap or IntoInner that succeeds on another owner, and before a
// MakeMut that keeps the value. Nothing else is ordered: Clone, Get and Ptr
// synchronize nothing, and the value must be passed to another thread by a
// way that does, as starting the thread, a channel or a lock are.
//
// The code is written with Rust's memory orderings and explored with them in
// a model build.
//
// # Threads
//
// An Arc may move to and be shared by several threads if its value may: if T
// is Send and Sync. "fearless vet" checks that. For one thread alone there is
// package rc, whose counts are not atomic.
//
// Chapter 1 of "Rust Atomics and Locks", section "Shared Ownership and
// Reference Counting", and chapter 6, which builds this type; Rust's
// std::sync::Arc.
package arc
