package bench

import (
	"fmt"
	"sync"

	"github.com/fearless-go/fearless/lock"
)

func queueCases() []Case {
	var cases []Case
	for _, size := range []int{1, 128} {
		for _, each := range []int{1, 4} {
			cases = append(cases, Case{
				Name: fmt.Sprintf("queue/%d/%d-%d", size, each, each), Contended: true,
				Subjects: []Subject{
					queueSubject(Ours, each, func() queue { return newFearlessQueue(size) }),
					queueSubject("sync.Cond", each, func() queue { return newCondQueue(size) }),
					queueSubject("chan", each, func() queue { return make(chanQueue, size) }),
				},
			})
		}
	}
	return cases
}

// A queue holds a bounded number of values; send and receive wait.
type queue interface {
	send(int)
	receive() int
}

func queueSubject(by string, each int, make func() queue) Subject {
	return Subject{By: by, New: func() func(int) {
		return func(n int) {
			q := make()
			var sum lock.Mutex[int]
			parallelPair(func(me int) {
				parallel(each, n, func(n int) {
					total := 0
					for i := range n {
						if me == 0 {
							q.send(i)
							total += i
						} else {
							total -= q.receive()
						}
					}
					sum.With(func(v *int) { *v += total })
				})
			})
			must(*sum.GetMut() == 0, "queue of %s lost %d", by, *sum.GetMut())
		}
	}}
}

// A ring is a bounded buffer that somebody else guards.
type ring struct {
	values      []int
	first, size int
}

func (r *ring) full() bool { return r.size == len(r.values) }
func (r *ring) push(v int) { r.values[(r.first+r.size)%len(r.values)] = v; r.size++ }
func (r *ring) pop() int {
	v := r.values[r.first]
	r.first, r.size = (r.first+1)%len(r.values), r.size-1
	return v
}

type fearlessQueue struct {
	ring              lock.Mutex[ring]
	notFull, notEmpty lock.Condvar
}

func newFearlessQueue(size int) *fearlessQueue {
	q := new(fearlessQueue)
	q.ring.GetMut().values = make([]int, size)
	return q
}

func (q *fearlessQueue) send(v int) {
	g := q.ring.Lock()
	for r := g.Ptr(); r.full(); {
		q.notFull.Wait(g)
	}
	g.Ptr().push(v)
	q.notEmpty.NotifyOne()
	g.Unlock()
}

func (q *fearlessQueue) receive() int {
	g := q.ring.Lock()
	for r := g.Ptr(); r.size == 0; {
		q.notEmpty.Wait(g)
	}
	v := g.Ptr().pop()
	q.notFull.NotifyOne()
	g.Unlock()
	return v
}

type condQueue struct {
	mu                sync.Mutex
	ring              ring
	notFull, notEmpty *sync.Cond
}

func newCondQueue(size int) *condQueue {
	q := &condQueue{ring: ring{values: make([]int, size)}}
	q.notFull, q.notEmpty = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

func (q *condQueue) send(v int) {
	q.mu.Lock()
	for q.ring.full() {
		q.notFull.Wait()
	}
	q.ring.push(v)
	q.notEmpty.Signal()
	q.mu.Unlock()
}

func (q *condQueue) receive() int {
	q.mu.Lock()
	for q.ring.size == 0 {
		q.notEmpty.Wait()
	}
	v := q.ring.pop()
	q.notFull.Signal()
	q.mu.Unlock()
	return v
}

type chanQueue chan int

func (q chanQueue) send(v int)   { q <- v }
func (q chanQueue) receive() int { return <-q }
