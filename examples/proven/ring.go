package proven

import "sync/atomic"

// A Ring hands items from one goroutine to one other, without a lock.
type Ring struct {
	cells [2]int
	read  atomic.Uint32
	write atomic.Uint32
}

// TryPut adds v unless the ring is full. One goroutine may call it.
func (r *Ring) TryPut(v int) bool {
	w := r.write.Load()
	if w-r.read.Load() == uint32(len(r.cells)) {
		return false
	}
	r.cells[w%uint32(len(r.cells))] = v
	r.write.Store(w + 1)
	return true
}

// TryGet takes the oldest item, if there is one. One goroutine may call it.
func (r *Ring) TryGet() (int, bool) {
	n := r.read.Load()
	if n == r.write.Load() {
		return 0, false
	}
	v := r.cells[n%uint32(len(r.cells))]
	r.read.Store(n + 1)
	return v, true
}
