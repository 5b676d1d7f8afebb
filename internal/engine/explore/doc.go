// Package explore walks the tree of the execution graphs that a program can have. It
// knows no threads that run: whoever drives it tells it what each thread does next, and
// is told what that finds. Package engine does so with goroutines, and its Machine without.
//
// Begin with explore.go, the Explorer and its walk, and play.go, how a thread's operation
// is added to the graph, or played again. A run is
//
//	Begin; Load, Store, Update, Await, Fence, Choose, Spawn ... of all threads; Next
//
// revisit.go is the part of TruSt that makes the walk complete: a write that comes late
// is read by what was there before. rank.go says where a run is in the walk, and task.go
// and file.go give parts of it away: ranks make several explorers find what one finds.
// random.go and pass.go are for what is too large to exhaust, share.go, pass.go and
// estimate.go say how large it is.
//
// What may not be touched:
//
//   - Each consistent execution is met once. That rests on what a read and a write push
//     when they are new (addRead, addWrite), and on Maximal deciding which reads a write
//     revisits. An alternative that is left out has its argument beside it.
//   - An operation that the graph has already is played again, and nothing is pushed for it.
//   - The walk depends on the program and on Waits alone. Skip, shares and marks change
//     nothing of what is found in the part that is walked.
//
// Its twins are engine's reference_test.go, loop_test.go and symmetry_test.go.
package explore
