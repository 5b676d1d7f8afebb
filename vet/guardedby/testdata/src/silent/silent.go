// Package silent holds the lock, or needs none.
package silent

import (
	"slices"
	"sync"
)

type counter struct {
	mu *sync.RWMutex
	n  int            //fearless:guardedby mu counts what has come
	by map[string]int //fearless:guardedby mu
	ns []int          //fearless:guardedby mu
}

func (c *counter) Get() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.n + c.by["x"]
}

func (c *counter) Set(v int) {
	c.mu.Lock()
	c.n = v
	c.by["x"] = v
	c.grow()
	c.mu.Unlock()
}

// Both callers hold the lock.
func (c *counter) grow() {
	c.ns = append(c.ns, c.n)
	c.deeper(1)
}

func (c *counter) deeper(v int) { c.n += v }

func (c *counter) Twice() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.grow()
	slices.SortFunc(c.ns, func(a, b int) int { return c.by["x"] * (a - b) })
}

// Nobody else knows of it yet.
func New() *counter {
	c := &counter{mu: new(sync.RWMutex), by: map[string]int{}}
	c.n = 1
	c.fill()
	c.n = 2
	return c
}

func (c *counter) fill() { c.ns = make([]int, 3) }

func Local() int {
	var c counter
	c.n = 3
	return c.n
}

type embedded struct {
	sync.Mutex
	n int //fearless:guardedby Mutex
}

func (e *embedded) Add() {
	e.Lock()
	defer e.Unlock()
	e.n++
}

type locker struct {
	l sync.Locker
	n int //fearless:guardedby l
}

func (x *locker) Add() {
	x.l.Lock()
	x.n++
	x.l.Unlock()
}

type generic[T any] struct {
	mu sync.Mutex
	v  T //fearless:guardedby mu
}

func (g *generic[T]) Get() T {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.v
}

var use = (&generic[int]{}).Get()

var (
	mu    sync.Mutex
	total = start() //fearless:guardedby mu
)

func start() int { return 1 }

func init() { total++ }

func Total() int {
	mu.Lock()
	defer mu.Unlock()
	return total
}

func (c *counter) with(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

// with runs it with the lock.
func (c *counter) Through() { c.with(func() { c.n++ }) }
