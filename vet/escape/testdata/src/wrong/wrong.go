// Package wrong lets lent pointers out.
package wrong

import (
	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
)

type point struct{ x, y int }

type shape struct {
	at    lock.Mutex[point]
	cache *int
}

func (s *shape) ref() *point {
	g := s.at.Lock()
	defer g.Unlock()
	return g.Ptr() // want `the pointer that Guard.Ptr lent at wrong.go:20 is returned here, but the guard is, by a deferred call, unlocked at wrong.go:19`
}

// A pointer into the data is one to the data.
func (s *shape) x() *int {
	g := s.at.Lock()
	p := g.Ptr()
	g.Unlock()
	return &p.x // want `the pointer that Guard.Ptr lent at wrong.go:26 is returned here after the guard was unlocked at wrong.go:27`
}

func (s *shape) late() {
	g := s.at.Lock()
	p := g.Ptr()
	g.Unlock()
	p.x = 1 // want `the pointer that Guard.Ptr lent at wrong.go:33 is written through here after the guard was unlocked at wrong.go:34`
}

func (s *shape) keep() {
	g := s.at.Lock()
	defer g.Unlock()
	s.cache = &g.Ptr().x // want `the pointer that Guard.Ptr lent at wrong.go:41 is stored in s.cache here, which outlives it; it is good only until the guard is unlocked at wrong.go:40`
}

func (s *shape) leak() (p *point) {
	s.at.With(func(v *point) {
		p = v // want `the pointer that Mutex.With lends to this function is stored in p here, which outlives it; it is good only until the function returns`
	})
	return p
}

func (s *shape) spawn() {
	g := s.at.Lock()
	defer g.Unlock()
	p := g.Ptr()
	go func() { // want `the pointer that Guard.Ptr lent at wrong.go:54 is used by the goroutine started here, which may outlive it; it is good only until the guard is unlocked at wrong.go:53`
		p.x++
	}()
}

func (s *shape) send(out chan<- *point) {
	g := s.at.Lock()
	out <- g.Ptr() // want `the pointer that Guard.Ptr lent at wrong.go:62 is sent to another goroutine here; it is good only until the guard is unlocked at wrong.go:63`
	g.Unlock()
}

func borrowed(c *cell.RefCell[point]) int {
	r := c.Borrow()
	p := r.Ptr()
	r.Release()
	return p.x // want `the pointer that Ref.Ptr lent at wrong.go:68 is read through here after the borrow was released at wrong.go:69`
}

func dropped() int {
	a := arc.New(point{1, 2})
	p := a.Ptr()
	a.Drop()
	return p.y // want `the pointer that Arc.Ptr lent at wrong.go:75 is read through here after the Arc was dropped at wrong.go:76`
}

func items(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	return *g.Ptr() // want `the slice behind the pointer that Guard.Ptr lent at wrong.go:83 is returned here, but the guard is, by a deferred call, unlocked at wrong.go:82; return a copy`
}

func stock(m *lock.RWLock[map[string]int]) map[string]int {
	g := m.Read()
	defer g.Unlock()
	return *g.Ptr() // want `the map behind the pointer that ReadGuard.Ptr lent at wrong.go:89 is returned here, but the guard is, by a deferred call, unlocked at wrong.go:88; return a copy`
}

func later(m *lock.Mutex[map[string]int]) {
	g := m.Lock()
	prices := *g.Ptr()
	g.Unlock()
	prices["tea"] = 3 // want `the pointer that Guard.Ptr lent at wrong.go:94 is written through here after the guard was unlocked at wrong.go:95`
}

func got(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	return g.Get() // want `the slice that Guard.Get lent at wrong.go:102 is returned here, but the guard is, by a deferred call, unlocked at wrong.go:101; return a copy`
}

func gotMap(m *lock.RWLock[map[string]int]) map[string]int {
	g := m.Read()
	prices := g.Get()
	g.Unlock()
	return prices // want `the map that ReadGuard.Get lent at wrong.go:107 is returned here after the guard was unlocked at wrong.go:108`
}

func gotTail(c *cell.RefCell[[]int]) int {
	r := c.Borrow()
	tail := r.Get()[1:]
	r.Release()
	return tail[0] // want `the slice that Ref.Get lent at wrong.go:114 is read through here after the borrow was released at wrong.go:115`
}

// What append makes of the old slice may share its elements.
func grown(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	all := g.Get()
	g.Set(append(all, 1))
	return all // want `the slice that Guard.Get lent at wrong.go:123 is returned here, but the guard is, by a deferred call, unlocked at wrong.go:122; return a copy`
}
