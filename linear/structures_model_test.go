//go:build fearless_model

package linear_test

import (
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
)

// The structures that only the model looks at.

// michaelScott is the queue of Michael and Scott. Broken, it links a node by a store.
type michaelScott struct {
	broken     bool
	head, tail atomic.Ptr[msNode]
}

type msNode struct {
	value int
	next  atomic.Ptr[msNode]
}

func newMichaelScott(broken bool) *michaelScott {
	q := &michaelScott{broken: broken}
	n := new(msNode)
	q.head.Store(n, relaxed)
	q.tail.Store(n, relaxed)
	return q
}

func (q *michaelScott) enqueue(v int) bool {
	n := &msNode{value: v}
	for {
		tail := q.tail.Load(acquire)
		next := tail.next.Load(acquire)
		if next != nil {
			q.tail.CompareExchange(tail, next, release, relaxed)
			continue
		}
		if q.broken {
			tail.next.Store(n, release)
		} else if _, ok := tail.next.CompareExchange(nil, n, release, relaxed); !ok {
			continue
		}
		q.tail.CompareExchange(tail, n, release, relaxed)
		return true
	}
}

func (q *michaelScott) dequeue() (int, bool) {
	for {
		head := q.head.Load(acquire)
		next := head.next.Load(acquire)
		if next == nil {
			return 0, false
		}
		tail := q.tail.Load(acquire)
		if head == tail {
			q.tail.CompareExchange(tail, next, release, relaxed)
			continue
		}
		if _, ok := q.head.CompareExchange(head, next, acqRel, relaxed); ok {
			return next.value, true
		}
	}
}

// ring is Vyukov's bounded queue for many producers and consumers, of two slots.
// Broken, it publishes a slot with a Relaxed store: only weak memory shows it.
type ring struct {
	broken     bool
	head, tail atomic.Uint32
	slots      [2]slot
}

type slot struct{ seq, value atomic.Uint32 }

func newRing(broken bool) *ring {
	q := &ring{broken: broken}
	q.slots[1].seq.Store(1, relaxed)
	return q
}

func (q *ring) enqueue(v int) bool {
	for {
		at := q.tail.Load(relaxed)
		s := &q.slots[at%2]
		switch seq := s.seq.Load(acquire); {
		case seq == at:
			if _, ok := q.tail.CompareExchange(at, at+1, relaxed, relaxed); ok {
				s.value.Store(uint32(v), relaxed)
				if q.broken {
					s.seq.Store(at+1, relaxed)
				} else {
					s.seq.Store(at+1, release)
				}
				return true
			}
		case int32(seq-at) < 0:
			return false
		}
	}
}

func (q *ring) dequeue() (int, bool) {
	for {
		at := q.head.Load(relaxed)
		s := &q.slots[at%2]
		switch seq := s.seq.Load(acquire); {
		case seq == at+1:
			if _, ok := q.head.CompareExchange(at, at+1, relaxed, relaxed); ok {
				v := s.value.Load(relaxed)
				s.seq.Store(at+2, release)
				return int(v), true
			}
		case int32(seq-at-1) < 0:
			return 0, false
		}
	}
}

// spsc is a ring of one producer and one consumer. Broken, it forgets that it can
// be full. With orders that are weaker than SeqCst it may say that it is full to
// the one and empty to the other, at the same time.
type spsc struct {
	broken     bool
	see, tell  atomic.Ordering // of the other's position, and of one's own
	head, tail atomic.Uint32
	slots      [2]atomic.Uint32
}

func (q *spsc) enqueue(v int) bool {
	tail := q.tail.Load(relaxed)
	if tail-q.head.Load(q.see) == 2 && !q.broken {
		return false
	}
	q.slots[tail%2].Store(uint32(v), relaxed)
	q.tail.Store(tail+1, q.tell)
	return true
}

func (q *spsc) dequeue() (int, bool) {
	head := q.head.Load(relaxed)
	if head == q.tail.Load(q.see) {
		return 0, false
	}
	v := q.slots[head%2].Load(relaxed)
	q.head.Store(head+1, q.tell)
	return int(v), true
}

// lockedSet is a set behind a lock. Broken, it looks and acts under two lockings.
type lockedSet struct {
	broken bool
	m      *lock.Mutex[map[int]bool]
}

func newLockedSet(broken bool) *lockedSet {
	return &lockedSet{broken, lock.NewMutex(make(map[int]bool))}
}

func (s *lockedSet) insert(v int) (added bool) {
	if s.broken {
		s.m.With(func(m *map[int]bool) { added = !(*m)[v] })
		s.m.With(func(m *map[int]bool) { (*m)[v] = true })
		return added
	}
	s.m.With(func(m *map[int]bool) {
		added = !(*m)[v]
		(*m)[v] = true
	})
	return added
}

func (s *lockedSet) remove(v int) (was bool) {
	s.m.With(func(m *map[int]bool) {
		was = (*m)[v]
		delete(*m, v)
	})
	return was
}

// seqlock is a pair of numbers behind a sequence count. Broken, the reader does not
// look at the count again.
type seqlock struct {
	broken bool
	seq    atomic.Uint32
	a, b   atomic.Uint32
}

func (s *seqlock) write(v int) { // by one writer
	at := s.seq.Load(relaxed)
	s.seq.Store(at+1, relaxed)
	atomic.Fence(release)
	s.a.Store(uint32(v), relaxed)
	s.b.Store(uint32(v), relaxed)
	s.seq.Store(at+2, release)
}

// read returns the number, or -1 for a pair whose halves differ. It gives up, and
// reports false, after two rounds.
func (s *seqlock) read() (int, bool) {
	for range 2 {
		at := s.seq.Load(acquire)
		a, b := s.a.Load(relaxed), s.b.Load(relaxed)
		atomic.Fence(acquire)
		if s.broken || at%2 == 0 && s.seq.Load(relaxed) == at {
			if a != b {
				return -1, true
			}
			return int(a), true
		}
	}
	return 0, false
}

// lru keeps two keys. Broken, its get finds a key and makes it the newest under two
// lockings, and by then it may be gone.
type lru struct {
	broken bool
	m      *lock.Mutex[[]int] // keys, the newest last; each is its own value
}

func newLRU(broken bool) *lru { return &lru{broken, lock.NewMutex[[]int](nil)} }

func without(keys []int, k int) (rest []int, was bool) {
	for _, other := range keys {
		if other != k {
			rest = append(rest, other)
		}
	}
	return rest, len(rest) < len(keys)
}

func (c *lru) put(k int) {
	c.m.With(func(keys *[]int) {
		rest, _ := without(*keys, k)
		if rest = append(rest, k); len(rest) > 2 {
			rest = rest[1:]
		}
		*keys = rest
	})
}

func (c *lru) get(k int) (was bool) {
	touch := func(keys *[]int) {
		rest, there := without(*keys, k)
		if was = there; was {
			*keys = append(rest, k)
		}
	}
	if !c.broken {
		c.m.With(touch)
		return was
	}
	c.m.With(func(keys *[]int) { _, was = without(*keys, k) })
	if was {
		c.m.With(touch)
		return true
	}
	return false
}

// permits is a semaphore. Broken, it looks at the number and takes from it apart.
type permits struct {
	broken bool
	n      atomic.Int32
}

func (p *permits) tryAcquire() bool {
	for {
		n := p.n.Load(relaxed)
		if n == 0 {
			return false
		}
		if p.broken {
			p.n.FetchSub(1, acquire)
			return true
		}
		if _, ok := p.n.CompareExchange(n, n-1, acquire, relaxed); ok {
			return true
		}
	}
}

func (p *permits) release() { p.n.FetchAdd(1, release) }

// tryLock is a lock that is taken without waiting. Broken, it looks and takes apart.
type tryLock struct {
	broken bool
	held   atomic.Bool
}

func (l *tryLock) lock() bool {
	if l.broken {
		if l.held.Load(acquire) {
			return false
		}
		l.held.Store(true, relaxed)
		return true
	}
	_, ok := l.held.CompareExchange(false, true, acquire, relaxed)
	return ok
}

func (l *tryLock) unlock() { l.held.Store(false, release) }

// tally is a counter. Broken, it loses what comes between its load and its store.
type tally struct {
	broken bool
	n      atomic.Int64
}

func (c *tally) add() int {
	if c.broken {
		n := c.n.Load(seqCst) + 1
		c.n.Store(n, seqCst)
		return int(n)
	}
	return int(c.n.FetchAdd(1, seqCst)) + 1
}
