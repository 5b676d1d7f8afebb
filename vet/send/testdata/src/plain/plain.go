// Package plain has what Rust refuses with E0277: values that must not leave
// the goroutine in which they were made.
package plain

import (
	"sync"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

func captured() {
	a := rc.New(1)
	b := a.Clone()
	thread.Spawn(func() int { return b.Get() }) // want "`b` is captured by another goroutine, but rc.Rc\\[int\\] is not Send: it is an rc.Rc\\[int\\]; use arc.Arc"
	a.Drop()
}

func passed(r rc.Rc[int]) {
	go use(r) // want "`r` is passed to another goroutine, but rc.Rc\\[int\\] is not Send"
}

func use(rc.Rc[int]) {}

type inner struct{ refs rc.Weak[string] }

type cache struct {
	name string
	in   []inner
}

func deep(c *cache) {
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.name }) // want "`c` is captured by another goroutine, but \\*plain.cache is not Send: its field in, its elements, its field refs is an rc.Weak\\[string\\]"
	wg.Wait()
}

func overAChannel(c chan rc.Rc[int], r rc.Rc[int]) {
	c <- r // want "`r` is sent over a channel to another goroutine"
	select {
	case c <- r: // want "`r` is sent over a channel to another goroutine"
	default:
	}
}

func cells() {
	n := cell.NewCell(0)
	thread.Go(func() { n.Set(1) }) // want "`n` is captured by another goroutine, but \\*cell.Cell\\[int\\] is not Sync: it is a cell.Cell\\[int\\]; use a type of package atomic, or lock.Mutex"

	r := cell.NewRefCell([]int{})
	go func() { r.BorrowMut() }() // want "`r` is captured by another goroutine, but \\*cell.RefCell\\[\\[\\]int\\] is not Sync: it is an? cell.RefCell\\[\\[\\]int\\]; use lock.RWLock"
}

func guards(m *lock.Mutex[int]) {
	g := m.Lock()
	thread.Go(func() { // want "`g` is captured by another goroutine, but lock.Guard\\[int\\] is not Send"
		g.Set(1)
		g.Unlock()
	})
}

type marked struct {
	_ marker.NoSend
}

func markers(m *marked) {
	thread.Go(func() { _ = m }) // want "`m` is captured by another goroutine, but \\*plain.marked is not Send: it is marked marker.NoSend"
}

type phantom struct {
	handle int
	_      marker.PhantomData[cell.Cell[struct{}]]
}

func phantoms(p *phantom) {
	go func() { _ = p.handle }() // want "`p` is captured by another goroutine, but \\*plain.phantom is not Sync: its field _, its PhantomData is a cell.Cell"
}

func stored() {
	a := arc.New(rc.New(1))
	thread.Go(func() { a.Get() }) // want "`a` is captured by another goroutine, but arc.Arc\\[.*rc.Rc\\[int\\]\\] is not S"

	m := lock.NewMutex(rc.New(1))
	thread.Go(func() { m.Lock() }) // want "`m` is captured by another goroutine, but \\*lock.Mutex\\[.*rc.Rc\\[int\\]\\] is not S"
}

func result() {
	thread.Spawn(func() rc.Rc[int] { return rc.New(1) }) // want "the thread's result goes to the goroutine that joins it, but rc.Rc\\[int\\] is not Send"
}

func method(c *cell.Cell[int]) {
	go c.Set(1) // want "`c` is passed to another goroutine"
	f := c.Get
	go f() // want "`c` is passed to another goroutine"
}
