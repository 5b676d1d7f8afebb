// Package marker says in a type what its fields cannot: that its values must
// stay on one thread, or may leave it.
//
// A type is Send if a value of it may move to another thread, and Sync if
// several threads may use one value at once. Almost every type is both,
// because it is made of types that are. Rust's compiler derives this from the
// fields, and so does "fearless vet". Where the fields tell the wrong story, a
// marker tells the right one:
//
//	// A Handle is a small integer, but the library behind it wants all
//	// calls from the thread that opened it.
//	type Handle struct {
//		_  marker.NoSend
//		_  marker.NoSync
//		id int
//	}
//
// A marker is a blank field without size: put it first, because a field
// without size at the end of a struct makes the struct longer. It does nothing
// at run time and synchronizes nothing; "fearless vet" reads it. Its rules
// send and sync report a value that crosses to another goroutine although its
// type, or that of a field at any depth, is marked.
//
// # The other direction
//
// A type that holds an unsafe.Pointer, a cell or a C handle is not Send or
// not Sync by its fields, although its methods may take care that it is. Say
// so, and why, in a directive above the type:
//
//	// A Queue is used by one producer and one consumer at once.
//	//
//	//fearless:unsafe sync head and tail are atomic; a slot belongs to the side that the counters name
//	type Queue[T any] struct {
//		slots      []cell.UnsafeCell[T]
//		head, tail atomic.Uint64
//	}
//
// The directive is "//fearless:unsafe send REASON" or "//fearless:unsafe sync
// REASON", one to a line, without a blank after the slashes. The reason is not
// optional: it is the proof that a reader must check, as in Rust over an
// "unsafe impl Sync".
//
// Chapter 1 of "Rust Atomics and Locks", section "Thread Safety: Send and
// Sync", and Rust's std::marker.
package marker
