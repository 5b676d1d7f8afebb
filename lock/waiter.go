package lock

import "github.com/fearless-go/fearless/internal/park"

// A waiter is a goroutine that waits in a queue. All but its parker is guarded
// by the queue's lock, or handed over with the token.
type waiter struct {
	parker     park.Parker
	next, prev *waiter
	since      park.Moment
	reason     park.Reason
	want       want // of an RWLock: as what
	queued     bool // it stands in the queue
	signaled   bool // a token is on the way, but it stays in the queue
	below      byte // of a spare: how many lie below it
}

var waiters park.Pool[waiter]

// newWaiter returns a waiter with the limit started.
func newWaiter(l park.Limit) *waiter {
	w := waiters.Get()
	w.signaled, w.reason = false, park.ForCondition
	w.parker.Arm(l)
	return w
}

// free gives back a waiter that stands in no queue and whose token, if one was
// sent, it has taken.
func (w *waiter) free() {
	w.parker.Disarm()
	waiters.Put(w)
}

// A queue is a list of waiters, first come first. Its zero value is empty.
type queue struct {
	park.SpinLock
	head, tail *waiter
}

// pushBack puts w last.
func (q *queue) pushBack(w *waiter) { q.insertBefore(nil, w) }

// insertBefore puts w before next, or last if next is nil.
func (q *queue) insertBefore(next, w *waiter) {
	prev := q.tail
	if next != nil {
		prev = next.prev
	}
	w.prev, w.next, w.queued = prev, next, true
	if prev == nil {
		q.head = w
	} else {
		prev.next = w
	}
	if next == nil {
		q.tail = w
	} else {
		next.prev = w
	}
}

// remove takes w out.
func (q *queue) remove(w *waiter) {
	if w.prev == nil {
		q.head = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		q.tail = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.prev, w.next, w.queued = nil, nil, false
}

// await waits for w's token and returns true when it has it. If the limit is
// reached first, it takes w out of the queue and returns false, with the queue
// locked; a token that was sent before that is taken and counts.
func (q *queue) await(w *waiter) bool {
	if w.parker.WaitFor(w.reason) {
		return true
	}
	w.parker.Disarm()
	q.Lock()
	if w.queued {
		q.remove(w)
		return false
	}
	q.Unlock()
	w.parker.WaitFor(w.reason) // it may still be on the way
	return true
}

// takeAll empties the queue and returns the list that it was.
func (q *queue) takeAll() *waiter {
	list := q.head
	q.head, q.tail = nil, nil
	for w := list; w != nil; w = w.next {
		w.queued = false
	}
	return list
}

// wakeAll unparks a list that takeAll, or a grant, took out of its queue. A
// waiter is gone with its token, so the link is read before. It returns how many there were.
func wakeAll(list *waiter) (n int) {
	for w := list; w != nil; n++ {
		next := w.next
		w.next, w.prev = nil, nil
		w.parker.Unpark()
		w = next
	}
	return n
}
