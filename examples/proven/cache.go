package proven

import "sync"

// A Cache remembers what was computed for a key, and computes it once.
type Cache struct {
	mu sync.RWMutex
	m  map[int]int
}

// Get returns what is known for key, or else what f says.
func (c *Cache) Get(key int, f func() int) int {
	c.mu.RLock()
	v, ok := c.m[key]
	c.mu.RUnlock()
	if ok {
		return v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.m[key]; ok {
		return v // since then another has computed it
	}
	if c.m == nil {
		c.m = map[int]int{}
	}
	v = f()
	c.m[key] = v
	return v
}
