// Package bugs has the eight mistakes that made fearless vet necessary: go vet
// reports none of them.
package bugs

import (
	"errors"
	"sync"

	"github.com/fearless-go/fearless/lock"
)

type counter struct {
	mu    sync.Mutex
	state sync.RWMutex
	n     int
}

func pointerEscapesGuard(m *lock.Mutex[int]) *int {
	g := m.Lock()
	defer g.Unlock()
	return g.Ptr() // [escape]
}

func droppedGuard(m *lock.Mutex[int]) {
	m.Lock() // [guard]
}

func (c *counter) earlyReturn(n int) error {
	c.mu.Lock()
	if n < 0 {
		return errors.New("negative") // [guard]
	}
	c.n = n
	c.mu.Unlock()
	return nil
}

func (c *counter) doubleUnlock() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	c.mu.Unlock() // [guard]
}

func incrementInTwo() int {
	x := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		x++ // [share]
	})
	wg.Go(func() {
		x++ // [share]
	})
	wg.Wait()
	return x
}

func load(name string) error {
	if name == "" {
		return errors.New("no name")
	}
	return nil
}

func errCaptured() error {
	var err error
	var wg sync.WaitGroup
	wg.Go(func() {
		err = load("a") // [share]
	})
	wg.Go(func() {
		err = load("b")
	})
	wg.Wait()
	return err
}

func (c *counter) recursiveRLock() int {
	c.state.RLock()
	defer c.state.RUnlock()
	return c.get() + 1 // [lockorder]
}

func (c *counter) get() int {
	c.state.RLock()
	defer c.state.RUnlock()
	return c.n
}

type gauge struct {
	mu sync.Mutex
	n  int
}

func (g *gauge) forgottenUnlock() {
	g.mu.Lock() // [guard]
	g.n++
}
