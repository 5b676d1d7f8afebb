// Package cell has Rust's cells: values that may change although they are
// shared, on one thread.
//
// Rust's rule is "shared or mutable, never both". Go has no such rule, and
// that is how a map comes to be changed while a caller up the stack still
// ranges over it. A cell brings the rule back where it is worth it, with the
// check at run time:
//
//	scores := cell.NewRefCell(map[string]int{"ann": 3})
//
//	r := scores.Borrow()      // any number of readers ...
//	fmt.Println(r.Get()["ann"])
//	r.Release()
//
//	scores.WithMut(func(m *map[string]int) { // ... or one writer
//		(*m)["bob"] = 5
//	})
//
// # Which cell
//
//   - [Cell] moves whole values in and out. It never hands out a pointer, so
//     nothing can conflict and nothing is checked.
//   - [RefCell] lends its value: many [Ref] or one [RefMut] at a time. A
//     conflict panics with a [*BorrowError], where Go without it would go on
//     with a value that changes underfoot.
//   - [OnceCell] is set at most once, and [LazyCell] computes its value at the
//     first use.
//   - [UnsafeCell] checks nothing. It is what a new lock is built on: shared
//     memory whose order comes from elsewhere. The model checker watches it.
//
// # Threads
//
// No cell synchronizes anything: none is Sync, and "fearless vet" reports one
// that two goroutines share. Between threads, the same roles are played by
// package atomic (for Cell), lock.RWLock (RefCell), lock.OnceLock and
// lock.LazyLock. An UnsafeCell may be shared by a type that orders the
// accesses itself and says so with "//fearless:unsafe sync".
//
// A cell must not be copied after first use; "go vet" reports copies.
//
// # Which build finds what
//
// A conflict is found in every build, and always names the place where the
// new borrow was tried. The place of the borrow in its way is recorded with
// -race and with the build tags fearless_debug and fearless_model; so is the
// release of a Ref, so that a copy of a released Ref is found out, too. The
// default build notices only a second use of the same variable, which is free.
//
// Chapter 1 of "Rust Atomics and Locks", section "Interior Mutability", and
// Rust's std::cell.
package cell
