// Package wrong uses what has been used up.
package wrong

import (
	"fmt"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func unlocked(m *lock.Mutex[int]) int {
	g := m.Lock()
	g.Unlock()
	return g.Get() // want `the guard is used by Get here after it was unlocked at wrong.go:15`
}

func downgraded(l *lock.RWLock[int]) {
	w := l.Write()
	r := w.Downgrade()
	defer r.Unlock()
	w.Set(1) // want `the guard is used by Set here after it was downgraded at wrong.go:21`
}

func released(c *cell.RefCell[int]) int {
	r := c.Borrow()
	r.Release()
	return r.Get() // want `the borrow is used by Get here after it was released at wrong.go:28`
}

func dropped(a arc.Arc[int]) int {
	b := a
	a.Drop()
	return b.Get() + // want `the Arc is used by Get here after it was dropped at wrong.go:34`
		b.StrongCount() // want `the Arc is used by StrongCount here after it was dropped`
}

func twice(a arc.Arc[int]) {
	defer a.Drop()
	fmt.Println(a.Get())
	a.Drop() // want `the Arc is dropped here, and dropped again by the call deferred at wrong.go:40`
}

func unwrapped() int {
	a := arc.New(1)
	v, ok := a.TryUnwrap()
	if ok {
		return v + a.Get() // want `the Arc is used by Get here after it was taken apart by TryUnwrap at wrong.go:47`
	}
	return a.Get()
}

func joined() int {
	h := thread.Spawn(func() int { return 1 })
	v, _ := h.Join()
	w, _ := h.Join() // want `the thread is joined again here after it was joined at wrong.go:56`
	return v + w
}

func inner(m *lock.Mutex[int]) int {
	v, _ := m.IntoInner()
	m.Lock().Unlock() // want `the Mutex is used by Lock here after it was taken apart by IntoInner at wrong.go:62`
	return v
}

func loop(a arc.Arc[int], n int) {
	for range n {
		a.Drop() // want `the Arc is dropped again here after it was dropped at wrong.go:69`
	}
}
