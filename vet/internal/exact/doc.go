// Package exact decides a closed program: it runs a function and all that it
// starts in every interleaving, and so knows its races for certain.
//
// A program is closed if every call in it is known: go statements, groups,
// mutexes, channels, Once, Cond, atomics, timers, fields, elements, maps,
// closures, methods and interfaces whose dynamic type is known. What is not
// understood ends the search with a reason ([Result.Reason]): then a race that
// was found is one, and that none was found says nothing.
//
// [Explore] is a search over states. One step of it is one operation by which
// goroutines can notice one another, with all that its goroutine does up to
// the next such operation. That loses nothing:
//
//   - Memory that is in order cannot be used to notice anything. A race is an
//     access that does not know of another, which does not depend on when
//     either happens. Accesses that do race are noticed from then on: the
//     search begins again, with a step for each of them.
//   - Unlock, Done and go only enable others. Whatever others can do before
//     such an operation they can do after it, so no step is needed before it.
//     That holds as long as nobody can notice that it has not happened yet: by
//     a TryLock, or by giving back a lock that another has taken, or a Done
//     too many. Where a search meets one of these, it begins again, with steps
//     for Unlock and Done (needSteps).
//
// Who knows what is kept in vector clocks, with the happens-before of
// go.dev/ref/mem. States are compared by what can be reached in them, with
// clocks reduced to which accesses they cover (key.go), so that a goroutine
// that spins comes back to a state that has been seen.
//
// Limits, each with a reason in the Result: states, steps, the size of memory,
// functions without a body that are not in natives.go, recover, generic code that
// does more than move its values (generic.go), the order of a map with several keys, unsafe and reflect.
//
// Begin with explore.go, then state.go; natives.go lists what is known of the
// standard library.
package exact
