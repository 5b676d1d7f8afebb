package lock

import (
	"context"
	"time"
	"unsafe"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
)

// A Condvar lets threads that hold a Mutex wait until another thread has
// changed something under it. The zero Condvar is ready. A Condvar must not be
// copied after first use.
//
// A wait unlocks the mutex of its guard and begins to wait in one step, so that
// a notification sent after the unlock cannot be missed. Before it returns it
// locks again, and the guard is valid as before. It may return without having
// been notified, so wait in a loop that checks the condition, or with WaitWhile.
//
// In the terminology of the Go memory model, a NotifyOne or NotifyAll
// synchronizes before the return of the waits that it wakes.
//
// A thread that waits with one mutex while another waits with a different one
// panics with a [*CondvarError]. If the mutex was poisoned during the wait, the
// wait panics with a [*PoisonError], holding the lock.
type Condvar struct {
	_       noCopy
	waiters inflated[condvarWaiters]
}

// condvarWaiters are the threads that wait for a Condvar.
type condvarWaiters struct {
	waiting word.Uint32 // 1 while the queue is not empty
	queue   queue
	mutex   *rawMutex // of those in the queue; nil if it is empty, to keep no data alive
	spares  spares
}

// A MutexGuard is the Guard of a Mutex of any type.
type MutexGuard interface{ mutex() *rawMutex }

// A CondvarError is the value of the panic of a wait with a second mutex.
type CondvarError struct{}

// Error says how to mend it.
func (*CondvarError) Error() string {
	return "lock: Condvar.Wait with a second mutex while threads wait with the first: use one Condvar for each mutex"
}

// Wait unlocks g's mutex, waits for a notification, and locks again.
func (c *Condvar) Wait(g MutexGuard) { _ = c.wait(g, park.Limit{}) }

// WaitWhile waits as long as condition returns true. It calls condition with
// the lock held, first before it waits at all.
func (c *Condvar) WaitWhile(g MutexGuard, condition func() bool) {
	for condition() {
		c.Wait(g)
	}
}

// WaitTimeout is Wait for at most d. It reports whether the time ran out. A
// notification that comes at that moment is taken and not lost: then it
// reports false.
func (c *Condvar) WaitTimeout(g MutexGuard, d time.Duration) (timedOut bool) {
	return c.wait(g, park.Timeout(d)) != nil
}

// WaitTimeoutWhile waits as long as condition returns true, and at most d. It
// reports whether the condition still held when the time ran out.
func (c *Condvar) WaitTimeoutWhile(g MutexGuard, d time.Duration, condition func() bool) (timedOut bool) {
	start, left := time.Now(), d
	for condition() {
		if left <= 0 {
			return true
		}
		if c.WaitTimeout(g, left) {
			return condition()
		}
		// Only a positive d comes here: one that is past by far would wrap around.
		left = d - time.Since(start)
	}
	return false
}

// WaitContext is Wait until ctx is done; then it returns ctx.Err(). A
// notification that comes at that moment is taken and not lost: then it returns nil.
func (c *Condvar) WaitContext(ctx context.Context, g MutexGuard) error {
	return c.wait(g, park.Context(ctx))
}

// WaitContextWhile waits as long as condition returns true, and until ctx is
// done. It returns nil if the condition no longer holds, and otherwise ctx.Err().
func (c *Condvar) WaitContextWhile(ctx context.Context, g MutexGuard, condition func() bool) error {
	for condition() {
		if err := c.WaitContext(ctx, g); err != nil {
			if condition() {
				return err
			}
			return nil
		}
	}
	return nil
}

// NotifyOne wakes the thread that has waited longest, if any waits. The caller
// need not hold the mutex.
func (c *Condvar) NotifyOne() { c.WakeOne() }

// WakeOne is NotifyOne that reports whether a thread waited, as parking_lot's notify_one does.
func (c *Condvar) WakeOne() bool {
	if watch.On() {
		watch.Woke(c.object())
	}
	q := c.waiters.peek()
	if q == nil || q.waiting.Load(word.Relaxed) == 0 {
		return false
	}
	q.queue.Lock()
	w := q.queue.head
	if w != nil {
		q.queue.remove(w)
		q.left()
	}
	q.queue.Unlock()
	if w != nil {
		w.parker.Unpark()
	}
	return w != nil
}

// NotifyAll wakes all threads that wait.
func (c *Condvar) NotifyAll() { c.WakeAll() }

// WakeAll is NotifyAll that returns how many threads it woke, as parking_lot's notify_all does.
func (c *Condvar) WakeAll() int {
	if watch.On() {
		watch.Woke(c.object())
	}
	q := c.waiters.peek()
	if q == nil || q.waiting.Load(word.Relaxed) == 0 {
		return 0
	}
	q.queue.Lock()
	list := q.queue.takeAll()
	q.left()
	q.queue.Unlock()
	return wakeAll(list)
}

// left notes that waiters were taken out of the queue, whose lock the caller holds.
func (q *condvarWaiters) left() {
	if q.queue.head == nil {
		q.mutex = nil
		q.waiting.Store(0, word.Relaxed)
	}
}

// wait returns nil if it was notified, and l's error otherwise. Either way the
// lock is held again.
func (c *Condvar) wait(g MutexGuard, l park.Limit) error {
	m := g.mutex()
	if word.Real && !m.isLocked() {
		// To unlock it would say so, but behind the place in the queue that w then has.
		panic(&GuardError{"Guard", "Wait"})
	}
	if l.IsSet() && l.Reached() != nil {
		// Without this a loop around a wait of no time would keep others out.
		m.unlock()
		m.lock()
		return l.Err()
	}
	l = l.OrSpuriously()
	wasPoisoned := m.isPoisoned()
	q := c.waiters.get()
	q.queue.Lock()
	if q.queue.head != nil && q.mutex != m {
		q.queue.Unlock()
		panic(&CondvarError{})
	}
	q.mutex = m
	w := q.takeWaiter()
	w.reason = park.ForCondition
	if q.queue.head == nil {
		q.waiting.Store(1, word.Relaxed)
	}
	q.queue.pushBack(w)
	q.queue.Unlock()
	if l.IsSet() {
		w.parker.Arm(l)
	}

	// A notifier that takes the lock from us finds w in the queue.
	m.unlock()
	waiting := watch.Begin(c.object(), watch.Alone, l.IsSet())
	var err error
	if !q.queue.await(w) {
		q.left()
		q.queue.Unlock()
		err = l.Err()
	}
	watch.End(waiting)
	if l.IsSet() {
		w.parker.Disarm()
	}
	m.lock()
	q.putWaiter(w)
	if m.isPoisoned() && !wasPoisoned {
		panic(&PoisonError{"Mutex"})
	}
	return err
}

func (c *Condvar) object() watch.Object {
	return watch.Object{Kind: watch.Condvar, At: uintptr(unsafe.Pointer(c))}
}

// takeWaiter is called with the queue locked. A modelled thread gets a new
// waiter each time, as from any pool: what an execution finds must not depend on
// those before it.
func (q *condvarWaiters) takeWaiter() *waiter {
	if !word.Real {
		return waiters.Get()
	}
	return q.spares.take()
}

func (q *condvarWaiters) putWaiter(w *waiter) {
	if !word.Real {
		waiters.Put(w)
		return
	}
	q.spares.put(w)
}
