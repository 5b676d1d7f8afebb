package proven

import "sync"

// A Queue holds at most so many items; Put waits for room, and Get for an item.
type Queue struct {
	mu    sync.Mutex
	moved sync.Cond // an item came or went
	items []int
	room  int
}

// NewQueue returns an empty queue for n items.
func NewQueue(n int) *Queue {
	q := &Queue{room: n}
	q.moved.L = &q.mu
	return q
}

// Put adds v, as soon as there is room.
func (q *Queue) Put(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == q.room {
		q.moved.Wait()
	}
	q.items = append(q.items, v)
	q.moved.Broadcast() // not Signal: it may choose one that waits for the other thing
}

// Get takes the oldest item, as soon as there is one.
func (q *Queue) Get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.moved.Wait()
	}
	v := q.items[0]
	q.items = q.items[1:]
	q.moved.Broadcast()
	return v
}
