// Package linear holds what several goroutines do with an object against what
// one could: every operation of a concurrent queue, map or lock has to look as if
// it took effect at once, at some moment between its call and its return
// (linearizability: Herlihy, Wing, 1990).
//
//	func TestQueue(t *testing.T) {
//		h := linear.New(t, linear.Queue[int](0))
//		q := NewQueue()
//		var wg sync.WaitGroup
//		wg.Go(func() {
//			h.Do(linear.Enqueue(1), func() linear.Result[int] { q.Enqueue(1); return linear.Did[int](true) })
//		})
//		wg.Go(func() {
//			h.Do(linear.Dequeue[int](), func() linear.Result[int] { return linear.Got(q.Dequeue()) })
//		})
//		wg.Wait()
//	}
//
// New takes a specification, Do makes an operation and notes what it returned, and
// at the end of the test the history is judged. A failure prints it, and
// -linear.html FOLDER draws it. Begin reading at [History]; a specification of
// your own is a [Spec]: a state, and what an operation returns in it.
//
// # What comes before what
//
// In an ordinary test, and under "fearless test" and "fearless prove", an operation
// comes before another one if it returned before that was called. The judge is
// porcupine (github.com/anishathalye/porcupine).
//
// In a function that package model explores, there is no clock that threads share,
// and an order of intervals says too much: two operations that nothing orders may
// stand in either order, whatever the run did first. There an operation comes before
// another one if its return happens before the other's call, by what the threads
// synchronize with, or by the order of one thread. The history is a partial order,
// and is right if some order of all operations that extends it is one of the
// specification (Wing, Gong, "Testing and Verifying Concurrent Objects", 1993). It
// costs no event: there are as many executions as without. Make the History inside
// of the function, so that each execution has its own.
//
// # What is not seen
//
// Only what Do is told. In an ordinary test Do takes a lock at the return of an
// operation, after the clock was read: that orders operations that follow for the
// race detector, which may then miss a race; look for races without a History, or
// under package model. Under "fearless prove" an order of returns and calls that no
// operation of the program brings about is not made on purpose.
package linear
