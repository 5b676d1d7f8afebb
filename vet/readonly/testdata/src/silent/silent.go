// Package silent writes only where it may.
package silent

import (
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/lock"
)

// A stats protects itself.
type stats struct {
	mu   sync.Mutex
	n    int
	hits atomic.Int64
	sum  lock.Mutex[int]
}

func (s *stats) add() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

func shared(a arc.Arc[stats]) {
	p := a.Ptr()
	p.add()
	p.hits.Add(1)
	p.sum.With(func(v *int) { *v++ })
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

func own(a arc.Arc[[]int]) {
	(*a.MakeMut())[0] = 1
	if p, ok := a.GetMut(); ok {
		(*p)[0] = 2
	}
}

func written(l *lock.RWLock[int]) {
	w := l.Write()
	defer w.Unlock()
	*w.Ptr() = 1
}

// A variable that holds the pointer may be given another.
func last(as []arc.Arc[int]) int {
	p := as[0].Ptr()
	for _, a := range as {
		p = a.Ptr()
	}
	return *p
}

type cache struct {
	mu      sync.RWMutex
	own     sync.Mutex
	entries map[string]string
	hits    int
	total   atomic.Int64
	other   *cache
}

func (c *cache) set(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[key] = value
}

func (c *cache) get(key string) string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.total.Add(1)
	c.own.Lock()
	c.hits++
	c.own.Unlock()
	var local cache
	local.hits++
	return c.entries[key]
}
