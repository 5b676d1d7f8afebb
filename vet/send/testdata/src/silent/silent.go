// Package silent has what is Send.
package silent

import (
	"runtime"
	"sync"
	"time"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

func shared() {
	a := arc.New(1)
	var n atomic.Int64
	var m lock.Mutex[map[string]int]
	thread.Go(func() {
		a.Get()
		n.FetchAdd(1, atomic.Relaxed)
		m.With(func(*map[string]int) {})
	})
}

// A Cell under a Mutex is used by one goroutine at a time.
func cellUnderMutex() {
	m := lock.NewMutex(cell.Cell[int]{})
	thread.Go(func() { m.With(func(c *cell.Cell[int]) { c.Set(1) }) })
}

// What a goroutine makes for itself does not cross.
func own() {
	thread.Go(func() {
		r := rc.New(1)
		r.Drop()
	})
}

// Called in this goroutine.
func direct(r rc.Rc[int]) {
	func() { r.Get() }()
	defer r.Drop()
}

// A pointer that only its author knows to be harmless.
//
//fearless:unsafe send,sync the pointer is only followed under mu
type handle struct {
	mu sync.Mutex
	p  *rc.Rc[int]
}

func optedIn(h *handle) {
	thread.Go(func() { _ = h })
}

// Not Sync is no matter of sending.
type parser struct{ _ marker.NoSync }

func moved(c chan parser, p parser) { c <- p }

// A finalizer is the last owner.
func finalizer(r *rc.Rc[int]) {
	runtime.SetFinalizer(r, func(r *rc.Rc[int]) { r.Drop() })
}

// Types that hold themselves.
type node struct {
	next *node
	kids map[string][]node
}

type list[T any] struct{ next *list[T] }

func recursive(n *node, g *list[int]) {
	go func() { _, _ = n, g }()
	time.AfterFunc(1, func() { _ = n })
}
