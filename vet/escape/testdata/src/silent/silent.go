// Package silent uses lent pointers as long as they are good.
package silent

import (
	"sync"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

type point struct{ x, y int }

func (p *point) move() { p.x++ }

type shape struct {
	at   lock.Mutex[point]
	data arc.Arc[point]
}

func (s *shape) bump() int {
	g := s.at.Lock()
	defer g.Unlock()
	p := g.Ptr()
	p.x++
	p.move()
	return p.x
}

// Each iteration has a guard and a pointer of its own.
func (s *shape) loop() {
	for range 3 {
		g := s.at.Lock()
		p := g.Ptr()
		p.x++
		g.Unlock()
	}
}

func (s *shape) with() (x int) {
	s.at.With(func(v *point) {
		p := &v.x
		*p = 7
		x = *p
	})
	return x
}

// The pointer comes with the guard that protects it.
func (s *shape) lend() (lock.Guard[point], *point) {
	g := s.at.Lock()
	return g, g.Ptr()
}

// What the shape holds as long as it lives, it may show.
func (s *shape) point() *point { return s.data.Ptr() }

// The scope joins its threads before the guard is unlocked.
func (s *shape) scoped() {
	g := s.at.Lock()
	defer g.Unlock()
	p := g.Ptr()
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() { p.x = 1 })
		s.Go(func() { p.y = 2 })
	})
}

func (s *shape) group() {
	g := s.at.Lock()
	defer g.Unlock()
	p := g.Ptr()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		p.move()
	}()
	wg.Wait()
}

func (s *shape) early(ok bool) int {
	g := s.at.Lock()
	p := g.Ptr()
	if !ok {
		g.Unlock()
		return 0
	}
	x := p.x
	g.Unlock()
	return x
}

func copied(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	return append([]int(nil), *g.Ptr()...)
}

func counted(m *lock.Mutex[map[string]int]) int {
	g := m.Lock()
	stock := *g.Ptr()
	n := len(stock) + stock["tea"]
	g.Unlock()
	return n
}

// Who takes the slice out and leaves another one has it alone.
func drain(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	all := g.Get()
	g.Set(nil)
	return all
}

func drainPtr(m *lock.Mutex[map[string]int]) map[string]int {
	g := m.Lock()
	all := *g.Ptr()
	*g.Ptr() = map[string]int{}
	g.Unlock()
	return all
}

type queue struct{ jobs []int }

func drainField(m *lock.Mutex[queue]) []int {
	g := m.Lock()
	defer g.Unlock()
	q := g.Ptr()
	jobs := q.jobs
	q.jobs = nil
	return jobs
}

func gotCopy(m *lock.Mutex[[]int]) []int {
	g := m.Lock()
	defer g.Unlock()
	return append([]int(nil), g.Get()...)
}

func gotNumber(m *lock.Mutex[map[string]int]) int {
	g := m.Lock()
	defer g.Unlock()
	return g.Get()["tea"] + len(g.Get())
}

// What an Arc shows is good as long as somebody owns it.
func gotShared(a arc.Arc[[]int]) []int {
	defer a.Drop()
	return a.Get()
}
