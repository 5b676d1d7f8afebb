package lock

// spares are waiters that a Condvar keeps for its next waits. A thread that
// begins or ends a wait holds the mutex, so that can guard the list, which saves
// a tenth of the wait: what a pool costs that every thread may use at any time.
type spares struct {
	mutex *rawMutex // the first to be waited with; set under the Condvar's queue's lock
	list  *waiter   // guarded by mutex
	count int
}

// maxSpares bounds what stays when a crowd has waited once.
const maxSpares = 64

// take returns a waiter for a wait with m, and whether it may be kept here after
// the wait. The caller holds m and the lock of the Condvar's queue.
func (s *spares) take(m *rawMutex) (w *waiter, keep bool) {
	if s.mutex == nil {
		s.mutex = m
	}
	if s.mutex != m {
		return waiters.Get(), false
	}
	if w = s.list; w == nil {
		return waiters.Get(), true
	}
	s.list, w.next = w.next, nil
	s.count--
	return w, true
}

// put takes back a waiter whose wait is over. If keep, the caller holds the mutex of take.
func (s *spares) put(w *waiter, keep bool) {
	if !keep || s.count == maxSpares {
		waiters.Put(w)
		return
	}
	w.next, s.list = s.list, w
	s.count++
}
