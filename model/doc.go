// Package model checks concurrent code in every execution that the C11 memory
// model allows: every interleaving of its threads, and every value that a weak
// memory may let a load see.
//
//	func TestPublish(t *testing.T) {
//		model.Check(t, func() {
//			var ready atomic.Bool
//			var data cell.UnsafeCell[int]
//			w := thread.Go(func() {
//				data.WithMut(func(p *int) { *p = 42 })
//				ready.Store(true, atomic.Release)
//			})
//			if ready.Load(atomic.Acquire) {
//				data.With(func(p *int) { model.Assert(*p == 42) })
//			}
//			w.Join()
//		})
//	}
//
// Run it with "fearless model ./...", which is go test with the build tag
// fearless_model and a report. Without the tag, Check skips the test.
//
// # What RC11 allows
//
// A test on a real machine sees a few of the executions that the language
// allows: those of this processor, this compiler, this moment. On amd64 most
// uses of Relaxed cannot go wrong at all. RC11 (Lahav, Vafeiadis, Kang, Hur,
// Dreyer, "Repairing Sequential Consistency in C/C++11", PLDI 2017) is the
// agreed repair of the C11 model that Rust's orderings are defined by. It says
// which graphs of loads and stores, with an arrow from each store to the loads
// that read from it, can happen. Relaxed loads and stores of one variable keep
// its order, and nothing else; Release and Acquire carry what came before along
// the arrow; SeqCst puts the operations so marked into one order. Values out of
// thin air, and with them load buffering, are excluded. Go's own sync/atomic is
// SeqCst throughout; package atomic states the order that the code needs, and
// this is where it is judged.
//
// # What exhaustive means
//
// The function is run again and again, each time in another execution, until
// none is left (TruSt: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly
// Stateless, Optimal Dynamic Partial Order Reduction", POPL 2022). Executions
// that differ only in the order of steps that do not touch each other are one,
// and no execution is met twice: a pass of Check is a proof for this function,
// with these inputs. Besides loads and stores these choices are explored:
// whether CompareExchangeWeak fails spuriously (not twice in a row in one
// thread, on one variable), whether thread.Park wakes spuriously (once in each
// thread; a lock.Condvar, too, with [SpuriousWakes]), whether a wait with a
// timeout times out and one with a context ends when that is canceled, whether a
// waiter counts as starved, and [Choose]. A lock.Mutex is one event for each lock
// and unlock, unless [Locks] says otherwise. Where there are too many executions,
// [Seed] takes some at random and estimates how many there are.
//
// So keep the function small: two or three threads with a few operations each
// find nearly every bug, and each one more multiplies the executions. The
// function must be deterministic: no time, no random numbers, no select, no
// iteration over maps, no goroutines of its own. All it works on must be made
// inside it. A busy loop should call atomic.SpinLoop or thread.YieldNow, which
// tells the model that going round changes nothing: after a round of loads, fences
// and updates that change nothing the thread waits until a value that it read can
// change. Without them it waits after two such rounds that were alike, which takes
// more executions. Either way the model tries out, for some thousand operations,
// whether the loop ends by itself. One that does is explored round by round, so
// keep the bounds of such loops small.
//
// An object of package atomic is larger in a model build than without it. A pad to
// a line of a cache that compiles in both is [(64 - unsafe.Sizeof(x)%64) % 64]byte.
//
// What exactly a pass claims, and what it leaves open, is MEANING.md beside this file.
//
// # What is found
//
// A failed [Assert], a panic that no join returns as an error, a deadlock or a
// busy loop without end, a livelock where the bound of events is met, a data race on a cell.UnsafeCell or on what a lock of
// package lock guards, an Arc used after its Drop, a thread that nobody joined, a
// bound that was reached. The failure names the lines and comes with the
// execution, step by step. In how many executions a join did return a panic is
// told, for those who forget to look at it.
//
// # What it cannot see
//
// Plain variables that are not in an UnsafeCell or behind a lock of package
// lock: they are read and written in the order of the execution, and a race on
// them goes unnoticed. Channels, mutexes of package sync, and everything else
// that is not built on packages atomic, thread, lock, arc and cell: a thread
// that blocks on one of those ends the exploration with a failure that says where.
// What the cancellation of a context orders. The compiler: RC11 speaks
// of the source. Programs that loop without a bound are explored up to [Bound].
// A busy loop that keeps something of its rounds for later, as their number, and does
// not end by it, is explored only as far as said above: with SpinLoop as if it never
// had to wait ([CountedLoops] looks at the first rounds, too), without it up to its
// second round. The report is not exhaustive then, and says where. Whether a loop
// keeps something is found in its source. One that ends by itself only after more rounds than are tried out is taken
// for one that waits. What is known of a loop is found by a hash of what its thread
// has read, 64 bits of it: two that are mixed up are possible, not likely.
package model
