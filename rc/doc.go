// Package rc shares a value between several owners on one thread, and ends
// the value when the last of them is done with it.
//
// An [Rc] is package arc's Arc without atomic operations: the same methods,
// the same checks, and counts that cost next to nothing, for data structures
// whose parts have several owners but which stay on one thread:
//
//	font := rc.New(load("mono.ttf")) // a *Font with a Close method
//
//	title := Label{font: font.Clone()}
//	body := Label{font: font.Clone()}
//	font.Drop()
//
//	title.Close() // calls title.font.Drop()
//	body.Close()  // the last owner: this closes the font
//
// # Owners
//
// New makes the first owner, Clone another. Each owner calls Drop exactly
// once; the last Drop runs the value's Drop or Close method at once. Use after
// Drop panics with a [*UseAfterDropError]; an owner that never drops is what
// [SetLeakHook] reports. A [Weak] does not keep the value alive, and breaks
// cycles; NewCyclic makes a value that refers to itself.
//
// Ptr and Get are for reading, because every owner has the same value. To
// change it, put a cell in it, or use GetMut or MakeMut.
//
// # Threads
//
// An Rc synchronizes nothing. It is neither Send nor Sync: "fearless vet"
// reports one that another goroutine can reach, and the race detector sees
// counts that two goroutines change. Between threads use package arc.
//
// Chapter 1 of "Rust Atomics and Locks", section "Shared Ownership and
// Reference Counting", and Rust's std::rc.
package rc
