// Package wrong writes to what is shared for reading.
package wrong

import (
	"slices"
	"sort"
	"sync"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
)

type point struct {
	x, y int
	tags map[string]bool
	path []int
}

func (p *point) move(d int) { p.x += d }

func (p *point) moveTwice(d int) { p.move(d); p.move(d) }

func shared(a arc.Arc[point], l *lock.RWLock[point], c *cell.RefCell[point]) {
	a.Ptr().x = 1 // want `what Arc.Ptr lent at wrong.go:25 is written here, but it is lent for reading: others may read it at the same time; use MakeMut or GetMut, or put a lock inside`

	p := a.Ptr()
	p.tags["a"] = true  // want `what Arc.Ptr lent at wrong.go:27 is written here`
	p.path[0]++         // want `what Arc.Ptr lent at wrong.go:27 is written here`
	p.move(1)           // want `what Arc.Ptr lent at wrong.go:27 is changed by move here`
	p.moveTwice(1)      // want `what Arc.Ptr lent at wrong.go:27 is changed by moveTwice here`
	delete(p.tags, "a") // want `what Arc.Ptr lent at wrong.go:27 is changed by delete here`
	sort.Ints(p.path)   // want `what Arc.Ptr lent at wrong.go:27 is changed by Ints here`

	r := l.Read()
	defer r.Unlock()
	r.Ptr().y = 2 // want `what ReadGuard.Ptr lent at wrong.go:37 is written here, .*; use Write`

	b := c.Borrow()
	defer b.Release()
	b.Ptr().y = 2 // want `what Ref.Ptr lent at wrong.go:41 is written here, .*; use BorrowMut`
}

func numbers(a arc.Arc[[]int]) {
	slices.Sort(*a.Ptr()) // want `what Arc.Ptr lent at wrong.go:45 is changed by Sort here`
}

type cache struct {
	mu      sync.RWMutex
	entries map[string]string
	hits    int
}

func (c *cache) get(key string) string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.hits++ // want `c.hits is written here while c.mu is only read-locked, since wrong.go:55: other readers may do so at the same time; use Lock`
	v, ok := c.entries[key]
	if !ok {
		c.entries[key] = "" // want `c.entries is written here while c.mu is only read-locked`
	}
	return v
}
