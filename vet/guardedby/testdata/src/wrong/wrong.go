// Package wrong uses guarded memory without the lock.
package wrong

import "sync"

type counter struct {
	mu sync.RWMutex
	n  int            //fearless:guardedby mu
	by map[string]int //fearless:guardedby mu
	// list has the names in order.
	//
	//fearless:guardedby mu
	list []string
}

func (c *counter) Get() int { return c.n } // want "c.n is read here without c.mu, which guards it \\(see wrong.go:8\\): lock it first"

func (c *counter) Set(v int) {
	c.n = v // want "c.n is written here without c.mu"
}

func (c *counter) Half() {
	c.mu.RLock()
	c.n++ // want "c.n is written here with c.mu only read-locked"
	c.mu.RUnlock()
}

func (c *counter) Late(key string) int {
	c.mu.Lock()
	by := c.by
	c.mu.Unlock()
	return by[key] // want "c.by is read here without c.mu"
}

func (c *counter) Add(key string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.by[key]++ // want "c.by is written here with c.mu only read-locked"
}

func (c *counter) Sometimes(lock bool) {
	if lock {
		c.mu.Lock()
	}
	c.list = nil // want "c.list is written here without c.mu"
	if lock {
		c.mu.Unlock()
	}
}

// Another object's lock is another lock.
func (c *counter) Copy(from *counter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = from.n // want "from.n is read here without from.mu"
}

func (c *counter) bump() {
	c.n++ // want "c.n is written here without c.mu"
}

func (c *counter) Locked() {
	c.mu.Lock()
	c.bump()
	c.mu.Unlock()
}

func (c *counter) Unlocked() { c.bump() }

func (c *counter) Background() {
	c.mu.Lock()
	defer c.mu.Unlock()
	go func() {
		c.n = 1 // want "c.n is written here without c.mu"
	}()
}

func New(start func(*counter)) *counter {
	c := &counter{by: map[string]int{}}
	c.n = 1
	start(c)
	c.n = 2 // want "c.n is written here without c.mu"
	return c
}

var mu sync.Mutex

var total int //fearless:guardedby mu

func Total() int {
	return total // want "total is read here without mu"
}

func (c *counter) with(f func()) {
	c.mu.Lock()
	c.mu.Unlock()
	f()
}

func (c *counter) Through() {
	c.with(func() {
		c.n++ // want "c.n is written here without c.mu"
	})
}
