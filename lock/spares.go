package lock

import "github.com/fearless-go/fearless/internal/word"

// spares are waiters that a Condvar keeps for its next waits, which saves a
// tenth of the wait: what a pool costs that every thread may use at any time.
// They know nothing of the mutexes that they served.
//
// Any thread may put one, at any time, and only the holder of the lock of the
// Condvar's queue takes one. So take cannot mistake a list for the one it saw: for
// its first to be first again with another next, somebody else had to take it.
//
// The zero spares are none.
type spares struct{ top word.Pointer[waiter] }

// maxSpares bounds what stays when a crowd has waited once.
const maxSpares = 64

// take returns a waiter. The caller holds the lock of the Condvar's queue.
func (s *spares) take() *waiter {
	w := s.top.Load(word.Acquire)
	for w != nil {
		found, ok := s.top.CompareExchange(w, w.next, word.Acquire, word.Acquire)
		if ok {
			w.next = nil
			return w
		}
		w = found
	}
	return waiters.Get()
}

// put takes back a waiter whose wait is over.
func (s *spares) put(w *waiter) {
	top := s.top.Load(word.Acquire)
	for {
		w.next, w.below = top, 0
		if top != nil {
			w.below = top.below + 1
		}
		if w.below == maxSpares {
			w.next = nil
			waiters.Put(w)
			return
		}
		found, ok := s.top.CompareExchange(top, w, word.Release, word.Acquire)
		if ok {
			return
		}
		top = found
	}
}
