// Package silent uses nothing that has been used up.
package silent

import (
	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func relock(m *lock.Mutex[int]) int {
	g := m.Lock()
	g.Unlock()
	g = m.Lock()
	defer g.Unlock()
	return g.Get()
}

func loop(m *lock.Mutex[int]) {
	for range 3 {
		g := m.Lock()
		g.Set(g.Get() + 1)
		g.Unlock()
	}
}

func either(m *lock.Mutex[int], early bool) int {
	g := m.Lock()
	if early {
		g.Unlock()
		return 0
	}
	v := g.Get()
	g.Unlock()
	return v
}

func clones(a arc.Arc[int]) int {
	b := a.Clone()
	a.Drop()
	defer b.Drop()
	return b.Get()
}

func again() int {
	a := arc.New(1)
	a.Drop()
	a = arc.New(2)
	defer a.Drop()
	return a.Get()
}

func unwrap(a arc.Arc[int]) int {
	v, ok := a.TryUnwrap()
	if !ok {
		defer a.Drop()
		return a.Get()
	}
	return v
}

// A handle still tells about its thread.
func name() string {
	h := thread.Go(func() {})
	h.Join()
	return h.Thread().Name()
}

func all(hs []*thread.JoinHandle[int]) (sum int) {
	for _, h := range hs {
		v, _ := h.Join()
		sum += v
	}
	return sum
}
