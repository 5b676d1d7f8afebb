// Package plain uses the mutexes of package sync wrongly.
package plain

import (
	"errors"
	"sync"
)

var errNotFound = errors.New("not found")

type cache struct {
	mu      sync.Mutex
	entries map[string]string
}

// An early return forgets the mutex.
func (c *cache) get(key string) (string, error) {
	c.mu.Lock()
	v, ok := c.entries[key]
	if !ok {
		return "", errNotFound // want `c.mu is still locked when the function returns here: it was locked at plain.go:18, and other paths release it`
	}
	c.mu.Unlock()
	return v, nil
}

// The end of the function is a return, too.
func (c *cache) clearIf(ok bool) {
	c.mu.Lock()
	if ok {
		clear(c.entries)
		c.mu.Unlock()
	}
} // want `c.mu is still locked when the function returns here`

// Leaving a loop is a path of its own.
func (c *cache) waitFor(key string) {
	for {
		c.mu.Lock()
		if _, ok := c.entries[key]; ok {
			break
		}
		c.mu.Unlock()
	}
} // want `c.mu is still locked when the function returns here`

// So is the next iteration.
func (c *cache) addAll(keys []string) {
	for _, k := range keys {
		c.mu.Lock() // want `c.mu is locked here while this goroutine holds it since plain.go:50: it waits for itself forever`
		if k == "" {
			continue
		}
		c.entries[k] = k
		c.mu.Unlock()
	}
}

type hits struct {
	mu sync.Mutex
	n  int
}

// Nothing unlocks it.
func (h *hits) add() {
	h.mu.Lock() // want `h.mu is locked here and never unlocked: whoever locks it next waits forever`
	h.n++
}

func (c *cache) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
	c.mu.Unlock() // want `c.mu is unlocked here, and again by the call deferred at plain.go:72`
}

func (c *cache) delete(key string) {
	c.mu.Lock()
	delete(c.entries, key)
	c.mu.Unlock()
	c.mu.Unlock() // want `c.mu is unlocked here for the second time: it was unlocked at plain.go:80 and nothing locks it in between`
}

func (c *cache) move(from, to string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[to] = c.entries[from]
	c.mu.Lock() // want `c.mu is locked here while this goroutine holds it since plain.go:85: it waits for itself forever`
	delete(c.entries, from)
	c.mu.Unlock()
}

type config struct {
	sync.RWMutex
	values map[string]string
}

func (c *config) both(a, b string) (string, string) {
	c.RLock()
	x := c.values[a]
	c.RLock() // want `c is read-locked here while this goroutine holds it since plain.go:99: when a writer waits in between, neither ever goes on`
	y := c.values[b]
	c.RUnlock()
	c.RUnlock()
	return x, y
}

func (c *config) set(key, value string) {
	c.Lock()
	defer c.RUnlock() // want `c is unlocked by RUnlock, but was locked by Lock at plain.go:109: this ends the program`
	c.values[key] = value
}

// A panic that the function itself recovers from leaves the mutex locked.
func (c *cache) update(key string, f func(string) string) (err error) {
	defer func() {
		if recover() != nil {
			err = errNotFound
		}
	}()
	c.mu.Lock()
	c.entries[key] = f(c.entries[key]) // want `c.mu is locked since plain.go:121 and stays so if this call panics: the recovered program goes on with the mutex locked`
	c.mu.Unlock()
	return nil
}

func size(c cache) int { // want `size passes lock by value: .* contains sync.Mutex: a copy of a lock is another lock, which protects nothing`
	return len(c.entries)
}

// Whose lock it is makes no difference.
func report(mu *sync.Mutex, failed bool) error {
	mu.Lock()
	if failed {
		return errNotFound // want `mu is still locked when the function returns here: it was locked at plain.go:\d+, and other paths release it`
	}
	mu.Unlock()
	return nil
}

func untilNegative(mu sync.Locker, numbers []int) {
	for _, n := range numbers {
		mu.Lock()
		if n < 0 {
			break
		}
		mu.Unlock()
	}
} // want `mu is still locked when the function returns here`
