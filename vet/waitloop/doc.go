// Package waitloop flags a wait that does not check its condition again afterwards.
//
// Rust: no error; the documentation of Condvar::wait and thread::park
//
// Confidence: may, assumed that the wake-up can come while the condition does not hold
//
// Park, Condvar.Wait and sync.Cond.Wait return when somebody calls Unpark,
// NotifyOne or Signal, but by then another goroutine may have changed what
// was waited for; Park and Condvar.Wait may also return for no reason at all.
// The condition must be checked again, in a loop, before the lock is released.
//
// All waits for one Condvar must be with the same mutex.
//
// # Wrong
//
//	q.mu.Lock()
//	if len(q.items) == 0 {
//		q.nonEmpty.Wait()
//	}
//	item := q.items[0]
//
// # Right
//
//	q.mu.Lock()
//	for len(q.items) == 0 {
//		q.nonEmpty.Wait()
//	}
//	item := q.items[0]
package waitloop
