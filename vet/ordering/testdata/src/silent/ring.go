package silent

import (
	std "sync/atomic"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
)

// A ring of cells: one goroutine pushes, one pops.
type cells struct {
	slots [2]cell.UnsafeCell[int]
	head  atomic.Uint32
	tail  atomic.Uint32
}

func (r *cells) push(v int) bool {
	t := r.tail.Load(atomic.Relaxed)
	if t-r.head.Load(atomic.Acquire) == 2 {
		return false
	}
	r.slots[t%2].WithMut(func(p *int) { *p = v })
	r.tail.Store(t+1, atomic.Release)
	return true
}

func (r *cells) pop() (int, bool) {
	h := r.head.Load(atomic.Relaxed)
	if h == r.tail.Load(atomic.Acquire) {
		return 0, false
	}
	var v int
	r.slots[h%2].With(func(p *int) { v = *p })
	r.head.Store(h+1, atomic.Release)
	return v, true
}

// Of a slice, with package sync/atomic, and a mask; pop waits.
type masked[T any] struct {
	buf         []T
	read, write std.Uint64
}

func (m *masked[T]) push(v T) bool {
	w := m.write.Load()
	if w-m.read.Load() >= uint64(len(m.buf)) {
		return false
	}
	m.buf[w&uint64(len(m.buf)-1)] = v
	m.write.Store(w + 1)
	return true
}

func (m *masked[T]) pop() T {
	r := m.read.Load()
	for r >= m.write.Load() {
	}
	v := m.buf[int(r)%len(m.buf)]
	m.read.Store(r + 1)
	return v
}

func hand() int {
	m := &masked[int]{buf: make([]int, 4)}
	go func() {
		for i := range 9 {
			m.push(i)
		}
	}()
	return m.pop()
}
