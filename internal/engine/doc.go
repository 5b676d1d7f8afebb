// Package engine is what a model build runs on: the threads of a program as
// coroutines, and the exploration of every execution graph that RC11, or
// sequential consistency, allows.
//
// Below this package are others that know nothing of it. Read their comments first:
//
//	graph    execution graphs, and the axioms of the memory models
//	picture  a graph shown as a trace, for people
//	source   where in the source an operation stands, and what things are called there
//
// Then begin with engine.go, which has the Engine and what it keeps, explore.go, the walk
// over executions, and play.go, how a thread's operation is added to the graph or played
// again. thread.go and coroutine.go are how a modelled thread runs and stops at its
// operations.
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
// What may not be touched without its twin: reference_test.go enumerates executions
// by brute force, loop_test.go holds busy loops against unrolled ones, and
// livelock_test.go livelocks against a search that knows all of each state.
package engine
