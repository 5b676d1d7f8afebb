package wrong

import std "sync/atomic"

// What is moved on is no position of a ring: nothing is compared.
type robin struct {
	servers []string
	next    std.Uint32
}

func (r *robin) pick() string {
	n := r.next.Load()
	r.next.Store(n + 1) // want `r.next is stored here from what was loaded at ring.go:\d+`
	return r.servers[n%uint32(len(r.servers))]
}

// Two goroutines take.
type queue struct {
	jobs       [8]int
	head, tail std.Uint32
}

func (q *queue) put(v int) {
	t := q.tail.Load()
	if t-q.head.Load() == 8 {
		return
	}
	q.jobs[t%8] = v
	q.tail.Store(t + 1)
}

func (q *queue) take() (int, bool) {
	h := q.head.Load()
	if h == q.tail.Load() {
		return 0, false
	}
	v := q.jobs[h%8]
	q.head.Store(h + 1) // want `q.head is stored here from what was loaded at ring.go:\d+`
	return v, true
}

func workers(q *queue) {
	q.put(1)
	for range 4 {
		go func() {
			for {
				q.take()
			}
		}()
	}
}

// Another function moves it on, too.
type skipping struct {
	jobs       [8]int
	head, tail std.Uint32
}

func (q *skipping) put(v int) {
	t := q.tail.Load()
	if t-q.head.Load() == 8 {
		return
	}
	q.jobs[t%8] = v
	q.tail.Store(t + 1)
}

func (q *skipping) take() (int, bool) {
	h := q.head.Load()
	if h == q.tail.Load() {
		return 0, false
	}
	v := q.jobs[h%8]
	q.head.Store(h + 1) // want `q.head is stored here from what was loaded at ring.go:\d+`
	return v, true
}

func (q *skipping) skip() { q.head.Add(1) }

// The limit is no position that another goroutine advances.
type plan struct {
	jobs        []int
	next, total std.Uint32
}

func (p *plan) take() (int, bool) {
	n := p.next.Load()
	if n == p.total.Load() {
		return 0, false
	}
	v := p.jobs[n]
	p.next.Store(n + 1) // want `p.next is stored here from what was loaded at ring.go:\d+`
	return v, true
}
