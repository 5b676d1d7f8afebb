// Package lockdebug shows who holds the locks of this library in a running
// process, who waits for what, and which goroutines wait for each other for ever.
// Begin with [Handler]:
//
//	http.Handle("/debug/fearless", lockdebug.Handler())
//
// or with [Watch], which calls a function for each deadlock that it finds, or with
// [OnQuit], which prints the report before the stacks of a process that is told to quit.
//
// It knows the waits and holds of Mutex, RWLock, Once, OnceLock, LazyLock, Join,
// Scope, JoinSet, Condvar, Barrier and Park that began since it was turned on, by
// [Enable], Handler or Watch. Those of package sync, of channels and of the network
// it does not know: a goroutine that waits there counts as one that goes on.
//
// # What a deadlock is
//
// Goroutines each of which waits for what only another of them can give: a
// lock that it holds, its end, or the end of a scope's threads. A [Deadlock] is
// certain if all of its waits are for that. For a Condvar and for Park nothing says
// who has to notify; there the goroutines count that have done it before, and if
// all of them wait, the deadlock is told with the word that somebody else may
// end it. A wait with a duration or a context ends by itself: a cycle with one is
// told apart, and a cycle of nothing but such waits for a notification is none:
// so wait workers that are idle, notify each other, and look again after a while.
//
// A guard counts as held by the goroutine that locked. If that waits while another
// goroutine, which has the guard, is about to unlock, a cycle can be reported that is
// none. Of a goroutine that reads the same RWLock twice, once from before it was
// turned on, the wrong one of the two can be taken for ended.
//
// # What it costs
//
// Nothing that can be measured while it is off: a lock reads a variable in place
// of a constant. While it is on, each lock is noted with its calls, at about one
// microsecond for a Mutex and its unlock and two and a half for a Read, under one
// mutex for the whole process (go test -bench . ./lock/lockdebug), and while its lock is
// held a leaked goroutine may be reachable.
//
// Goroutines have the name of their Thread and the pprof labels that they had when
// they locked or began to wait. Go has no public way to read labels of a goroutine;
// on a release of Go that this package does not know, and with the build tag
// fearless_portable, there are none.
package lockdebug
