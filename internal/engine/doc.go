// Package engine is what a model build runs on: the threads of a program as
// coroutines, and the exploration of every execution graph that RC11, or
// sequential consistency, allows.
//
// Below this package are others. None knows what stands above it in this list, nor this
// package. Read their comments first:
//
//	explore  the walk over all execution graphs of a program, without threads that run
//	picture  a graph shown as a trace, for people
//	source   where in the source an operation stands, and what things are called there
//	graph    execution graphs, and the axioms of the memory models
//
// Here are the threads, and those who share a walk. Begin with engine.go, which has the
// Engine and what it keeps, then operations.go, what a program's threads do, and
// thread.go, coroutine.go and schedule.go, how they run and stop at their operations.
// again.go is the short way for an operation that the graph has already. drive.go begins
// an exploration; pool.go, tasks.go, part.go and quota.go share it between engines. Those
// stay with the threads: an engine reports to its pool, the pool runs engines, and the
// twins drive both at once, so a border between them would be most of what either has.
//
// A busy loop is known by its place in the source and by what its rounds do:
// spin.go finds rounds that are alike, trial.go lets the thread go on silently to
// see whether they have an end, and await.go keeps what a loop waits for. The
// argument for each reduction stands in these files. What an exploration cannot
// see, and so must tell, is in seen.go.
//
// Where an execution reaches a limit, livelock.go looks for a livelock behind it:
// steer.go runs interleavings step by step, states.go makes a graph of their states, and
// fair.go finds the cycles that a fair scheduler can repeat.
//
// Thread and its methods stay in this package, and under these names: package source,
// trial.go and outside.go tell the engine's frames from the program's by them.
//
// What may not be touched without its twin: reference_test.go enumerates executions
// by brute force, loop_test.go holds busy loops against unrolled ones, and
// livelock_test.go livelocks against a search that knows all of each state.
package engine
